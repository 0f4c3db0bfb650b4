//! Holds titles with the codes that are right for them.

use crate::holdout;
use crate::learn::Random;

/// A title with its right codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Name of the row in its list.
    pub id: String,
    /// The title.
    pub text: String,
    /// Codes of roles or specialisations, any of which is right; none when the taxonomy has no right one.
    pub right: Vec<String>,
}

/// A list of questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Questions {
    /// Short name, by which floors and earlier reports know it.
    pub name: String,
    /// The questions.
    pub list: Vec<Question>,
}

impl Questions {
    /// The same questions wrapped in vacancy noise.
    #[must_use]
    pub fn in_noise(&self, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let wrap = |question: &Question| Question { text: holdout::wrap(&question.text, &mut random).text, ..question.clone() };
        Self { name: format!("{}+noise", self.name), list: self.list.iter().map(wrap).collect() }
    }

    /// The same questions misspelt; those too short to misspell are left out.
    #[must_use]
    pub fn misspelt(&self, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let misspell = |question: &Question| Some(Question { text: holdout::misspell(&question.text, &mut random)?, ..question.clone() });
        Self { name: format!("{}+typos", self.name), list: self.list.iter().filter_map(misspell).collect() }
    }

    /// At most so many questions, drawn evenly and left in their order.
    #[must_use]
    pub fn sample(&self, most: usize, seed: u64) -> Self {
        let mut places: Vec<usize> = (0..self.list.len()).collect();
        Random::new(seed).shuffle(&mut places);
        places.truncate(most);
        places.sort_unstable();
        Self { name: self.name.clone(), list: places.into_iter().map(|place| self.list[place].clone()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_keep_rows_and_right_codes() {
        let list = ["Roofer", "CEO", "Dental Nurse"].iter().enumerate();
        let list = list.map(|(id, text)| Question { id: id.to_string(), text: (*text).to_owned(), right: vec![format!("C{id}")] }).collect();
        let questions = Questions { name: "q".to_owned(), list };
        let noisy = questions.in_noise(1);
        assert_eq!(noisy.list.len(), 3);
        assert!(noisy.list.iter().zip(&questions.list).all(|(noisy, plain)| noisy.text.contains(&plain.text) && noisy.text != plain.text));
        let misspelt = questions.misspelt(1);
        assert_eq!(misspelt.list.iter().map(|question| question.id.as_str()).collect::<Vec<_>>(), ["0", "2"]);
        assert_eq!(misspelt.list[1].right, ["C2"]);
        let sample = questions.sample(2, 9);
        assert_eq!(sample.list.len(), 2);
        assert!(sample.list[0].id < sample.list[1].id);
    }
}
