//! Cuts the chips that a page's text extraction glues together back into their parts.
//!
//! On the page they stand side by side (`[common] [level]`); as text they run on (`…timecommonlevel`). Each function knows
//! the closed set of words that a chip can hold and cuts from the end, where the free text cannot interfere.

use crate::taxonomy::{AliasType, ComponentKind, ConfidenceBand, LevelCode, RecordConfidence, Status};

/// Words that say how usual a component is.
const COMMONALITIES: [&str; 8] = ["common", "core", "typical", "frequent", "occasional", "optional", "rare", "unique"];

/// Words that say where a component was stated.
const BASES: [&str; 7] = ["superfunction", "specialisation", "specialization", "subfamily", "family", "level", "role"];

/// Keys of a mapping line.
const MAPPING_KEYS: [&str; 8] = ["code", "title", "source", "reviewStatus", "relation", "granularity", "schemeVersion", "scheme"];

/// The line below a role's code: `P5P5 — Expert Professionalmedium0.70draftglobalv1`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RoleChips {
    pub(super) level: LevelCode,
    pub(super) label: String,
    pub(super) confidence: RecordConfidence,
    pub(super) status: Status,
    pub(super) region: String,
    pub(super) version: u32,
}

/// Cuts the line below a role's code.
pub(super) fn role_chips(line: &str) -> Option<RoleChips> {
    let level = LevelCode::parse(line.get(..2)?)?;
    let (before, label_and_rest) = line.split_once('—')?;
    let codes = before.trim();
    if codes != level.to_string() && codes != level.to_string().repeat(2) {
        return None;
    }
    let (rest, version) = label_and_rest.rsplit_once('v')?;
    let version = version.trim().parse().ok()?;
    // The label may hold any word, so the band that counts is the last one with a score behind it.
    let (at, confidence, score_end) = banded_scores(rest).last()?;
    let label = rest[..at].trim();
    let after = &rest[score_end..];
    let status = Status::ALL.into_iter().find(|status| after.starts_with(status.name()))?;
    let region = after[status.name().len()..].trim();
    (!label.is_empty() && !region.is_empty()).then(|| RoleChips {
        level,
        label: label.to_owned(),
        confidence,
        status,
        region: region.to_owned(),
        version,
    })
}

/// Every band with a score behind it: where the band begins, both, and where the score ends.
fn banded_scores(text: &str) -> impl Iterator<Item = (usize, RecordConfidence, usize)> {
    let starts = text.char_indices().map(|(at, _)| at);
    starts.filter_map(|at| {
        let band = ConfidenceBand::ALL.into_iter().find(|band| text[at..].starts_with(band.name()))?;
        let from = at + band.name().len();
        let length = text[from..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let score = text[from..from + length].parse::<f32>().ok().filter(|score| (0.0..=1.0).contains(score))?;
        Some((at, RecordConfidence { band, score }, from + length))
    })
}

/// Cuts `Implement monitoring processescommonlevel` into text, commonality and basis.
pub(super) fn component_chips(line: &str) -> Option<(&str, &str, &str)> {
    let (rest, basis) = cut_word(line, &BASES)?;
    let (text, commonality) = cut_word(rest, &COMMONALITIES)?;
    let text = text.trim_end();
    (!text.is_empty()).then_some((text, commonality, basis))
}

fn cut_word<'a>(text: &'a str, words: &[&'static str]) -> Option<(&'a str, &'static str)> {
    words.iter().find_map(|word| Some((text.strip_suffix(word)?, *word)))
}

/// Cuts a heading of components with its count: `Responsibilities8`.
pub(crate) fn component_heading(line: &str) -> Option<(ComponentKind, usize)> {
    let word = line.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let count = line[word.len()..].parse().ok()?;
    Some((component_kind(word.trim())?, count))
}

/// The kind of a heading without count, singular or plural.
fn component_kind(word: &str) -> Option<ComponentKind> {
    let word = word.to_lowercase();
    ComponentKind::ALL.into_iter().find(|kind| {
        let name = kind.name();
        let plural = name.strip_suffix('y').map_or_else(|| format!("{name}s"), |stem| format!("{stem}ies"));
        word == name || word == plural
    })
}

/// Cuts a row of the table of aliases: `Staff Nursecommonmedium0.60`, with what stands in the last column behind it.
pub(super) fn alias_chips(line: &str) -> Option<(&str, AliasType, RecordConfidence, bool)> {
    let (at, confidence, end) = banded_scores(line).last()?;
    let is_approved = match line[end..].trim().to_lowercase().as_str() {
        "" | "no" | "false" | "✗" | "✕" | "–" | "—" | "-" => false,
        "yes" | "true" | "approved" | "✓" | "✔" | "✅" => true,
        _ => return None,
    };
    let before = &line[..at];
    let alias_type = AliasType::ALL.into_iter().find(|alias_type| before.ends_with(alias_type.name()))?;
    let text = before[..before.len() - alias_type.name().len()].trim();
    (!text.is_empty()).then_some((text, alias_type, confidence, is_approved))
}

/// Cuts `code=15-0000title=Computer & …source=…reviewStatus=…` into keys and values, in the order written.
pub(super) fn mapping_chips(line: &str) -> Vec<(&'static str, &str)> {
    let mut starts: Vec<(usize, &'static str)> = Vec::new();
    for key in MAPPING_KEYS {
        let position = line.match_indices(key).map(|(at, _)| at).find(|at| line[at + key.len()..].starts_with('='));
        if let Some(at) = position {
            starts.push((at, key));
        }
    }
    starts.sort_unstable();
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([line.len()]).collect::<Vec<_>>();
    starts.iter().zip(ends).map(|((at, key), end)| (*key, line[at + key.len() + 1..end].trim())).collect()
}

/// Whether a name is a range of levels (`P5–P6`), which nobody types.
pub(super) fn is_level_range(text: &str) -> bool {
    let ends: Vec<&str> = text.split(['–', '—', '-', '/', '+']).map(str::trim).collect();
    ends.iter().all(|end| LevelCode::parse(end).is_some())
}

/// Years as in `8–12 yrs` or `8-12 years`.
pub(super) fn years(text: &str) -> Option<(u8, u8)> {
    let numbers = text.trim_end_matches(|letter: char| letter.is_alphabetic() || letter == '.' || letter == ' ');
    let (min, max) = numbers.split_once(['–', '-', '—'])?;
    let (min, max) = (min.trim().parse().ok()?, max.trim().parse().ok()?);
    (min <= max).then_some((min, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_line() {
        let cut = |line: &str| {
            let chips = role_chips(line)?;
            let (band, score) = (chips.confidence.band.name(), chips.confidence.score);
            Some(format!("{}|{}|{band}|{score:.2}|{}|{}|{}", chips.level, chips.label, chips.status.name(), chips.region, chips.version))
        };
        for (line, expected) in [
            ("P5P5 — Expert Professionalmedium0.70draftglobalv1", Some("P5|Expert Professional|medium|0.70|draft|global|1")),
            ("S3S3 — Skilledhigh0.95approvedEUv12", Some("S3|Skilled|high|0.95|approved|EU|12")),
            ("M2 — Lowest of the low managerslow0.10reviewUSv3", Some("M2|Lowest of the low managers|low|0.10|review|US|3")),
            ("P5P6 — Expert Professionalmedium0.70draftglobalv1", None),
            ("P5P5 — Expert Professionaldraftglobalv1", None),
            ("P5P5 — Expert Professionalmedium0.70draftglobal", None),
            ("Ü", None),
            ("", None),
        ] {
            assert_eq!(cut(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn component_lines() {
        for (line, expected) in [
            ("Ensure platform adoptioncommonlevel", Some(("Ensure platform adoption", "common", "level"))),
            ("Work at sea levelrarefamily", Some(("Work at sea level", "rare", "family"))),
            ("Find what is commoncommonspecialisation", Some(("Find what is common", "common", "specialisation"))),
            ("Monitoring", None),
            ("commonlevel", None),
        ] {
            assert_eq!(component_chips(line), expected, "{line}");
        }
        for (line, expected) in [
            ("Responsibilities8", Some((ComponentKind::Responsibility, 8))),
            ("competency12", Some((ComponentKind::Competency, 12))),
            ("Knowledge0", Some((ComponentKind::Knowledge, 0))),
            ("Skills", None),
            ("Hobbies3", None),
        ] {
            assert_eq!(component_heading(line), expected, "{line}");
        }
    }

    #[test]
    fn alias_and_mapping_lines() {
        let cut = |line| alias_chips(line).map(|(text, alias_type, confidence, approved)| (text, alias_type.name(), confidence.band.name(), approved));
        for (line, expected) in [
            ("Ward Nurse Seniorcommonmedium0.60", Some(("Ward Nurse Senior", "common", "medium", false))),
            ("P5–P6commonmedium0.50", Some(("P5–P6", "common", "medium", false))),
            ("RNabbreviationhigh0.90✓", Some(("RN", "abbreviation", "high", true))),
            ("Level low0.2 Nursevariantlow0.10no", Some(("Level low0.2 Nurse", "variant", "low", false))),
            ("AliasTypeConfidenceApproved", None),
            ("Nursecommonmedium0.60perhaps", None),
        ] {
            assert_eq!(cut(line), expected, "{line}");
        }
        assert_eq!(
            mapping_chips("code=29-0000title=Healthcare & coursource=inferredreviewStatus=needs_review"),
            [("code", "29-0000"), ("title", "Healthcare & cour"), ("source", "inferred"), ("reviewStatus", "needs_review")]
        );
        assert_eq!(mapping_chips("nothing"), []);
    }

    #[test]
    fn ranges() {
        for (text, expected) in [("P5–P6", true), ("P5-P6", true), ("P5", true), ("P5–", false), ("SRE", false), ("", false)] {
            assert_eq!(is_level_range(text), expected, "{text}");
        }
        for (text, expected) in [("8–12 yrs", Some((8, 12))), ("0-2 years", Some((0, 2))), ("12–8 yrs", None), ("10+ yrs", None)] {
            assert_eq!(years(text), expected, "{text}");
        }
    }
}
