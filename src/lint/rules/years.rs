//! Compares years of experience that components ask for with those of the levels they stand for.

use crate::corpus::Place;
use crate::lint::finding::Findings;
use crate::lint::source::Source;
use crate::taxonomy::{Component, ComponentKind, Level, LevelCode, Role, Taxonomy};

/// More years than this are no experience but an age or a period.
const MAX_YEARS: u8 = 40;

/// Years asked for: at least, and at most when a range is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Years {
    min: u8,
    max: Option<u8>,
}

impl Years {
    /// Whether somebody with the years of a level can have these: "5+" does not fit 8–12, since it lets in too few years.
    fn fit(self, level: &Level) -> bool {
        let Some(known) = level.experience else { return true };
        match self.max {
            Some(max) => self.min <= known.max && max >= known.min,
            None => (known.min..=known.max).contains(&self.min),
        }
    }
}

impl std::fmt::Display for Years {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.max {
            Some(max) => write!(formatter, "{}–{max} years", self.min),
            None => write!(formatter, "{}+ years", self.min),
        }
    }
}

/// Reads "5+ years", "3-5 years", "at least 4 years" and "2 years of experience".
fn stated(text: &str) -> Option<Years> {
    let plain = crate::analysis::fold(text).text.replace('+', " + ").replace('-', " - ");
    let words: Vec<&str> = plain.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '(' | ')' | '.')).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| matches!(*word, "years" | "year" | "yrs" | "yr" | "years'" | "year's"))?;
    let number = |word: &str| word.parse::<u8>().ok().filter(|years| *years <= MAX_YEARS);
    match words[..at] {
        [.., low, "-" | "to", high] => Some(Years { min: number(low)?, max: Some(number(high)?) }),
        [.., low, "+"] => Some(Years { min: number(low)?, max: None }),
        [.., "least", low] | [.., "minimum", low] | [.., "minimum", "of", low] => Some(Years { min: number(low)?, max: None }),
        [.., low] if words[at + 1..].iter().take(4).any(|word| word.starts_with("experience")) => Some(Years { min: number(low)?, max: None }),
        _ => None,
    }
}

fn level_of(taxonomy: &Taxonomy, code: LevelCode) -> Option<&Level> {
    taxonomy.levels.iter().find(|level| level.code == code)
}

/// Reports components whose years contradict a level: its own role's, or one among those that share it.
pub(in crate::lint) fn experience(source: &Source<'_>, findings: &mut Findings<'_>) {
    for (role, places) in source.roles() {
        check(source, role.code.as_str(), &role.components, &places.components, &mut [role].into_iter(), findings);
    }
    for (id, record, places) in source.specialisations() {
        check(source, &record.code, &record.components, &places.components, &mut source.roles_of(id).map(|(role, _)| role), findings);
    }
    for (number, (record, places)) in source.families().enumerate() {
        let of_family = |role: &&Role| source.taxonomy.specialisation(role.specialisation).family.is_some_and(|id| id.0 as usize == number);
        let mut roles = source.taxonomy.roles.iter().filter(of_family);
        check(source, &record.code, &record.components, &places.components, &mut roles, findings);
    }
}

fn check<'a>(
    source: &Source<'a>,
    owner: &str,
    components: &[Component],
    places: &[Place],
    roles: &mut dyn Iterator<Item = &'a Role>,
    findings: &mut Findings<'_>,
) {
    let asking: Vec<(&Component, &Place, Years)> = components
        .iter()
        .zip(places)
        .filter(|(component, _)| matches!(component.kind, ComponentKind::Qualification | ComponentKind::Competency))
        .filter_map(|(component, place)| Some((component, place, stated(&component.text)?)))
        .collect();
    if asking.is_empty() {
        return;
    }
    let mut levels: Vec<LevelCode> = roles.filter_map(|role| role.level).collect();
    levels.sort_unstable();
    levels.dedup();
    for (component, place, years) in asking {
        let conflict = levels.iter().filter_map(|code| level_of(source.taxonomy, *code)).find(|level| !years.fit(level));
        if let Some(level) = conflict {
            let known = level.experience.map(|years| format!("{}–{}", years.min, years.max)).unwrap_or_default();
            let message = format!("{:?} asks for {years} and {} has {known}: say years at the level only, or make them agree", component.text, level.code);
            findings.add(place, owner, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_words() {
        for (text, expected) in [
            ("5+ years of experience in DevOps or infrastructure roles", Some((5, None))),
            ("3+ years on a unit", Some((3, None))),
            ("3-5 years’ experience", Some((3, Some(5)))),
            ("8–12 yrs", Some((8, Some(12)))),
            ("2 to 4 years of practice", Some((2, Some(4)))),
            ("At least 4 years at sea", Some((4, None))),
            ("Minimum of 10 years in the trade", Some((10, None))),
            ("2 years of relevant experience", Some((2, None))),
            ("Three-year apprenticeship", None),
            ("4 years of medical school", None),
            ("Minimum age 18 years", None),
            ("Extensive experience in DevOps", None),
            ("99+ years", None),
            ("", None),
        ] {
            let expected = expected.map(|(min, max)| Years { min, max });
            assert_eq!(stated(text), expected, "{text}");
        }
    }
}
