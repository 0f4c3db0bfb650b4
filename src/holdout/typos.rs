//! Turns titles into titles as hurried people type them.
//!
//! A **slip** inserts a letter, leaves one out, hits a neighbouring key or swaps two letters, anywhere in the title, its
//! first letter and its blanks included: each place and each sort of slip is as likely as the next. Fingers err more often
//! in some places than in others, but evenly spread slips are the harder test, for they also spoil the beginnings of words.

use crate::learn::Random;

/// Fewest letters of a title that is misspelt: in a shorter one a single slip often makes another word.
pub const MIN_LETTERS: usize = 5;
/// Share of misspelt titles with one slip; the others have two.
const ONE_SLIP: f32 = 0.7;
/// Draws before a title is given up as one that no slip changes.
const MAX_DRAWS: usize = 20;

/// Rows of a QWERTY keyboard; a row is set in from the one above by half a key.
const KEY_ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// One slip (seven titles in ten) or two; `None` for a title with fewer than [`MIN_LETTERS`] letters.
pub fn misspell(title: &str, random: &mut Random) -> Option<String> {
    let slips = if random.unit() < ONE_SLIP { 1 } else { 2 };
    misspell_by(title, slips, random)
}

/// Exactly so many slips; `None` for a title with fewer than [`MIN_LETTERS`] letters.
pub fn misspell_by(title: &str, slips: usize, random: &mut Random) -> Option<String> {
    if title.chars().filter(|letter| letter.is_alphabetic()).count() < MIN_LETTERS {
        return None;
    }
    for _ in 0..MAX_DRAWS {
        let mut letters: Vec<char> = title.chars().collect();
        for _ in 0..slips {
            slip(&mut letters, random);
        }
        let misspelt: String = letters.into_iter().collect();
        // Two slips may undo each other, and two equal letters may be swapped.
        if !same_for_a_reader(&misspelt, title) {
            return Some(misspelt);
        }
    }
    None
}

/// Whether two texts differ in nothing but case and blanks at their ends, which no reader would call a slip.
fn same_for_a_reader(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

fn slip(letters: &mut Vec<char>, random: &mut Random) {
    match random.below(4) {
        0 => {
            let at = random.below(letters.len() + 1);
            let beside = letters[at.min(letters.len() - 1)];
            let letter = char::from(b'a' + random.below(26) as u8);
            letters.insert(at, like(beside, letter));
        }
        1 => {
            letters.remove(random.below(letters.len()));
        }
        2 => {
            // Only keys with neighbours can be missed; signs and accented letters are passed over.
            let keys: Vec<usize> = (0..letters.len()).filter(|at| !neighbours(letters[*at]).is_empty()).collect();
            if keys.is_empty() {
                return;
            }
            let at = keys[random.below(keys.len())];
            let near = neighbours(letters[at]);
            letters[at] = like(letters[at], near[random.below(near.len())]);
        }
        _ => {
            let at = random.below(letters.len() - 1);
            letters.swap(at, at + 1);
        }
    }
}

/// A letter in the case of another.
fn like(model: char, letter: char) -> char {
    if model.is_uppercase() { letter.to_ascii_uppercase() } else { letter }
}

/// Keys that touch a letter's key, lower case; none for what is no letter of the keyboard.
fn neighbours(letter: char) -> Vec<char> {
    let letter = letter.to_ascii_lowercase();
    let place = |wanted: char| KEY_ROWS.iter().enumerate().find_map(|(row, keys)| keys.find(wanted).map(|column| (row, column)));
    let Some((row, column)) = place(letter) else { return Vec::new() };
    let (row, column) = (row as i32, column as i32);
    [(0, -1), (0, 1), (-1, 0), (-1, 1), (1, -1), (1, 0)]
        .iter()
        .filter_map(|(down, right)| {
            let keys = KEY_ROWS.get(usize::try_from(row + down).ok()?)?;
            keys.chars().nth(usize::try_from(column + right).ok()?)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_have_the_neighbours_of_a_keyboard() {
        let sorted = |letter: char| {
            let mut near = neighbours(letter);
            near.sort_unstable();
            near.into_iter().collect::<String>()
        };
        assert_eq!(sorted('q'), "aw");
        assert_eq!(sorted('G'), "bfhtvy");
        assert_eq!(sorted('m'), "jkn");
        assert_eq!(sorted('p'), "lo");
        assert_eq!(sorted('-'), "");
    }

    #[test]
    fn sorts_and_places_are_even() {
        let title = "mechanical engineer";
        let mut random = Random::new(3);
        let (mut longer, mut shorter, mut swapped, mut replaced, mut first, mut one) = (0, 0, 0, 0, 0, 0);
        for _ in 0..4_000 {
            let misspelt = misspell(title, &mut random).expect("long enough");
            if strsim::osa_distance(title, &misspelt) != 1 {
                continue;
            }
            one += 1;
            first += usize::from(!misspelt.starts_with('m'));
            match misspelt.len() as i32 - title.len() as i32 {
                1 => longer += 1,
                -1 => shorter += 1,
                _ if strsim::levenshtein(title, &misspelt) == 2 => swapped += 1,
                _ => replaced += 1,
            }
        }
        assert!((2_700..2_950).contains(&one), "{one} of 4000 have one slip");
        for count in [longer, shorter, swapped, replaced] {
            assert!((600..800).contains(&count), "{longer} longer, {shorter} shorter, {swapped} swapped, {replaced} replaced");
        }
        // The first of 19 letters is hit by an insertion, an omission, a miss or a swap.
        assert!((100..220).contains(&first), "{first} begin with another letter");
    }

    #[test]
    fn short_titles_are_left_alone() {
        let mut random = Random::new(1);
        for title in ["", "CEO", "RN 2", "1234567", "HR-1"] {
            assert_eq!(misspell(title, &mut random), None, "{title}");
        }
    }

    proptest! {
        #[test]
        fn a_misspelt_title_is_near_and_never_the_same(title in "[A-Za-zäéß &/-]{0,40}", seed: u64, slips in 1usize..3) {
            match misspell_by(&title, slips, &mut Random::new(seed)) {
                Some(misspelt) => {
                    prop_assert!(!same_for_a_reader(&misspelt, &title));
                    prop_assert!(strsim::damerau_levenshtein(&misspelt, &title) <= slips);
                    prop_assert_eq!(Some(misspelt), misspell_by(&title, slips, &mut Random::new(seed)));
                }
                None => prop_assert!(title.chars().filter(|letter| letter.is_alphabetic()).count() < MIN_LETTERS),
            }
        }
    }
}
