//! Tells a slip from a word that merely is in no vocabulary, by how usual its letters are: a letter-trigram model.
//!
//! *Kibbler* is spelt as words are, *Kibblre* is not. Such words are novel names more often than slips.

use rustc_hash::FxHashMap;

/// Added to every count, so that letters never seen together are unlikely and not impossible.
const SMOOTHING: f32 = 0.1;
/// Letters thought to follow any two, over which [`SMOOTHING`] is spread.
const ALPHABET: f32 = 30.0;

/// How often three letters follow one another in the words of a vocabulary, each word counted once.
#[derive(Debug, Default)]
pub struct LetterModel {
    triples: FxHashMap<(char, char, char), u32>,
    pairs: FxHashMap<(char, char), u32>,
}

/// Calls `take` for every three letters of a word framed by blanks.
fn triples(word: &str, mut take: impl FnMut((char, char, char))) {
    let mut letters = std::iter::once(' ').chain(word.chars()).chain(std::iter::once(' '));
    let (Some(mut first), Some(mut second)) = (letters.next(), letters.next()) else { return };
    for third in letters {
        take((first, second, third));
        (first, second) = (second, third);
    }
}

impl LetterModel {
    /// Counts the letters of a vocabulary.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut model = Self::default();
        for word in words {
            triples(word, |(first, second, third)| {
                *model.triples.entry((first, second, third)).or_default() += 1;
                *model.pairs.entry((first, second)).or_default() += 1;
            });
        }
        model
    }

    /// Mean natural logarithm of the probability of each letter of a text after the two before it; words stand between
    /// blanks and in lower case. 0 for no words.
    pub fn log_probability(&self, text: &str) -> f32 {
        let (mut sum, mut count) = (0.0, 0);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            triples(word, |(first, second, third)| {
                let seen = |count: Option<&u32>| count.map_or(0.0, |count| *count as f32);
                let together = seen(self.triples.get(&(first, second, third))) + SMOOTHING;
                sum += (together / (seen(self.pairs.get(&(first, second))) + SMOOTHING * ALPHABET)).ln();
                count += 1;
            });
        }
        if count == 0 { 0.0 } else { sum / count as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slips_are_less_likely_than_words() {
        let model = LetterModel::new(["scribbler", "nibbler", "kibitzer", "dribbler", "teacher", "preacher", "reacher"].into_iter());
        assert!(model.log_probability("kibbler") > model.log_probability("kibblre") + 0.2);
        assert!(model.log_probability("preacher") > model.log_probability("prexcher") + 0.2);
        assert_eq!(model.log_probability(""), 0.0);
    }

    proptest! {
        #[test]
        fn any_text_has_a_finite_log_probability(words in proptest::collection::vec("\\PC{0,8}", 0..6), text in "\\PC{0,40}") {
            let model = LetterModel::new(words.iter().map(String::as_str));
            let mean = model.log_probability(&text);
            prop_assert!(mean.is_finite() && mean <= 0.0);
        }
    }
}
