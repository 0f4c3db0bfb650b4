//! Checks each alias by itself: whether it is a name at all, and one that can be told from its neighbours.

use crate::lint::finding::Findings;
use crate::lint::source::{Name, Source};
use crate::taxonomy::{AliasType, LevelCode};

/// Fewest digits of a bare number that is taken for a code.
const CODE_DIGITS: usize = 3;

fn aliases<'s, 'a>(source: &'s Source<'a>) -> impl Iterator<Item = (&'s Name<'a>, &'a crate::taxonomy::Alias)> {
    source.names.iter().filter_map(|name| Some((name, name.alias?)))
}

/// Reports aliases that repeat the title they stand with.
pub(in crate::lint) fn repeats_title(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (name, alias) in aliases(source) {
        let title = match name.role {
            Some(role) => &role.title,
            None => &source.taxonomy.specialisation(name.specialisation).title,
        };
        let same = crate::lint::text::spelling(title) == name.spelling && !name.spelling.is_empty();
        if same && alias.lang == source.main_language && alias.ambiguous.is_none() {
            findings.add(&name.place, source.owner(name), format!("the alias {:?} repeats the title: remove it", name.text));
        }
    }
}

/// Whether a text is a level or a range of levels, as in `P5–P6`, `L4` or `IC3/IC4`.
pub(super) fn is_level_range(text: &str) -> bool {
    let is_level = |part: &str| {
        let digits = part.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        let letters = part[..part.len() - digits.len()].to_ascii_lowercase();
        LevelCode::parse(part).is_some() || matches!(&*letters, "l" | "ic") && digits.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut ends = text.split(['–', '—', '-', '/', '+']).map(str::trim);
    ends.all(is_level)
}

/// Reports ranges of levels that stand as aliases.
pub(in crate::lint) fn level_range(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (name, _) in aliases(source) {
        if is_level_range(name.text) {
            let message = format!("{:?} is a level and no name: remove it; levels belong to `levels`", name.text);
            findings.add(&name.place, source.owner(name), message);
        }
    }
}

/// Reports codes that stand as aliases: this taxonomy's, those of known schemes, web addresses and bare numbers.
pub(in crate::lint) fn code_like(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (name, _) in aliases(source) {
        let text = name.text.trim();
        let is_number = text.len() >= CODE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_soc = super::mappings::fits_scheme("soc", text) || super::mappings::fits_scheme("onet", text);
        let is_address = ["http://", "https://", "www."].iter().any(|start| text.to_lowercase().starts_with(start));
        let is_own = text.contains('.') && source.taxonomy.roles.iter().any(|role| role.code.as_str().eq_ignore_ascii_case(text));
        if is_number || is_soc || is_address || is_own {
            findings.add(&name.place, source.owner(name), format!("{text:?} is a code and no name: remove it, or write it as a mapping"));
        }
    }
}

/// Reports aliases that are too vague to name a role.
pub(in crate::lint) fn generic(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (name, alias) in aliases(source) {
        if source.analyzer.is_vague(&name.normal) && !name.query.level_only && alias.ambiguous.is_none() {
            let message = format!("{:?} alone names no role: say of what, or mark it ambiguous with a reason", name.text);
            findings.add(&name.place, source.owner(name), message);
        }
    }
}

/// Reports aliases of one letter, and of two that are not called abbreviations.
pub(in crate::lint) fn too_short(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (name, alias) in aliases(source) {
        let letters = name.text.chars().filter(|letter| letter.is_alphanumeric()).count();
        let is_wide = name.text.chars().any(|letter| letter as u32 >= 0x2e80);
        if is_wide {
            continue;
        }
        if letters < 2 {
            findings.add(&name.place, source.owner(name), format!("{:?} is too short to be told from noise: remove it", name.text));
        } else if letters == 2 && alias.alias_type != AliasType::Abbreviation {
            let message = format!("{:?} has two letters: write it under abbreviations, or remove it", name.text);
            findings.add(&name.place, source.owner(name), message);
        }
    }
}

/// Reports aliases that no editor approved.
pub(in crate::lint) fn unapproved(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (name, alias) in aliases(source) {
        if !alias.approved {
            findings.add(&name.place, source.owner(name), format!("nobody approved the alias {:?}: approve or remove it", name.text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_levels() {
        for (text, expected) in [
            ("P5–P6", true),
            ("p5 - p6", true),
            ("L4", true),
            ("IC3/IC4", true),
            ("M2", true),
            ("SRE", false),
            ("P5–", false),
            ("", false),
            ("P", false),
            ("B2B", false),
            ("ü5", false),
        ] {
            assert_eq!(is_level_range(text), expected, "{text}");
        }
    }
}
