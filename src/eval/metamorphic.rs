//! Changes titles in ways that should change no answer, and counts the answers that stay.

use serde::Serialize;

use super::{Questions, in_parallel};
use crate::engine::{Engine, MatchOptions};
use crate::holdout;
use crate::learn::Random;
use crate::retrieve;
use crate::taxonomy::SpecialisationId;

/// Excluded and changed pairs listed.
const LISTED: usize = 20;

/// How a title is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// "Sales Manager" as "Manager, Sales".
    Inversion,
    /// Capitals.
    UpperCase,
    /// Small letters.
    LowerCase,
    /// Vacancy noise.
    Noise,
    /// One slip of the keyboard.
    Typo,
    /// "Senior" against "Junior" before the title: only the level may change. Asked of taxonomies with levels only.
    Level,
}

impl Change {
    /// Every change.
    pub const ALL: [Change; 6] = [Self::Inversion, Self::UpperCase, Self::LowerCase, Self::Noise, Self::Typo, Self::Level];

    /// Its name in figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inversion => "inversion",
            Self::UpperCase => "upper_case",
            Self::LowerCase => "lower_case",
            Self::Noise => "noise",
            Self::Typo => "typo",
            Self::Level => "level",
        }
    }
}

/// How often a change leaves the first answer as it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeRate {
    /// The change.
    pub change: Change,
    /// Pairs asked.
    pub pairs: usize,
    /// Share whose first answer is the same.
    pub share: f64,
    /// Pairs left out because both texts are known names of different roles, the first twenty.
    pub excluded: Vec<(String, String)>,
    /// How many were left out.
    pub excluded_count: usize,
    /// Pairs whose answer changed, the first twenty.
    pub changed: Vec<(String, String)>,
}

/// What became of a pair.
enum Outcome {
    Same,
    Changed,
    Excluded,
}

/// Rates of every change that a taxonomy knows, over a sample of titles.
pub fn change_rates(engine: &Engine, questions: &Questions, most: usize, seed: u64) -> Vec<ChangeRate> {
    let titles: Vec<String> = questions.sample(most, seed).list.into_iter().map(|question| question.text).collect();
    let has_levels = engine.index().taxonomy.has_levels();
    let changes = Change::ALL.into_iter().filter(|change| *change != Change::Level || has_levels);
    changes.map(|change| change_rate(engine, change, &titles, seed)).collect()
}

fn change_rate(engine: &Engine, change: Change, titles: &[String], seed: u64) -> ChangeRate {
    let mut random = Random::new(seed ^ change as u64);
    let pairs: Vec<(String, String)> = titles.iter().filter_map(|title| pair(title, change, &mut random)).collect();
    let outcomes = in_parallel(&pairs, |(left, right)| outcome(engine, change, left, right));
    let mut rate = ChangeRate { change, pairs: 0, share: f64::NAN, excluded: Vec::new(), excluded_count: 0, changed: Vec::new() };
    let mut same = 0;
    for (pair, outcome) in pairs.into_iter().zip(outcomes) {
        match outcome {
            Outcome::Excluded => {
                rate.excluded_count += 1;
                if rate.excluded.len() < LISTED {
                    rate.excluded.push(pair);
                }
                continue;
            }
            Outcome::Same => same += 1,
            Outcome::Changed if rate.changed.len() < LISTED => rate.changed.push(pair),
            Outcome::Changed => {}
        }
        rate.pairs += 1;
    }
    rate.share = f64::from(same) / rate.pairs as f64;
    rate
}

/// A title with its changed form; `None` where the change does not apply.
fn pair(title: &str, change: Change, random: &mut Random) -> Option<(String, String)> {
    let changed = match change {
        Change::Inversion => inverted(title)?,
        Change::UpperCase => title.to_uppercase(),
        Change::LowerCase => title.to_lowercase(),
        Change::Noise => holdout::wrap(title, random).text,
        Change::Typo => holdout::misspell_by(title, 1, random)?,
        Change::Level => return Some((format!("Senior {title}"), format!("Junior {title}"))),
    };
    (changed != title).then(|| (title.to_owned(), changed))
}

/// The last word before the others, for titles of two to four plain words.
fn inverted(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let plain = words.iter().all(|word| word.chars().all(char::is_alphabetic) && !matches!(word.to_lowercase().as_str(), "of" | "for" | "and" | "in" | "or"));
    let (last, first) = words.split_last()?;
    (plain && (1..=3).contains(&first.len())).then(|| format!("{last}, {}", first.join(" ")))
}

fn outcome(engine: &Engine, change: Change, left: &str, right: &str) -> Outcome {
    if let (Some(one), Some(other)) = (bearers(engine, left), bearers(engine, right))
        && !one.iter().any(|bearer| other.contains(bearer))
    {
        return Outcome::Excluded;
    }
    let first = |title: &str| {
        let answer = engine.classify(title, &MatchOptions { limit: 1, ..MatchOptions::default() });
        let candidate = answer.candidates.into_iter().next();
        candidate.map(|candidate| if change == Change::Level { (None, candidate.specialisation) } else { (Some(candidate.role), candidate.specialisation) })
    };
    if first(left) == first(right) { Outcome::Same } else { Outcome::Changed }
}

/// The specialisations that bear a text as a name; `None` for a text that is no whole name.
fn bearers(engine: &Engine, title: &str) -> Option<Vec<SpecialisationId>> {
    let index = engine.index();
    let known = retrieve::find(index, &engine.analyze(title, None)).filter(|known| known.unmatched.is_empty() && !known.level_dropped)?;
    Some(known.names.iter().map(|name| index.names.facts[*name as usize].specialisation).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversion_is_for_plain_titles() {
        assert_eq!(inverted("Regional Sales Manager").as_deref(), Some("Manager, Regional Sales"));
        for title in ["Manager", "Director of Nursing", "Cook, Head", "A B C D E", ""] {
            assert_eq!(inverted(title), None, "{title}");
        }
    }
}
