//! Splits a label that writes two gender forms side by side (*Bäcker/Bäckerin*) into the two, where the cut is clean.

use unicode_normalization::UnicodeNormalization;

/// How many first letters the two forms must share, marks aside: enough to tell *Arzt/Ärztin* from *monk/nun*.
const SHARED_LETTERS: usize = 3;

/// The two halves of a label around its middle slash; `None` unless each is a whole name: both have as many words as the
/// other, the first words begin alike, the other words begin with the same letter, and no half has a loose hyphen.
///
/// *Import-/Exportmanager/Import-/Exportmanagerin* is cut at the middle one of its three slashes. *masseur/masseuse*,
/// *director técnico/directora técnica* are cut; *enfermero/a*, *Konditor/Konditorin für Torten* and *monk/nun* are not.
pub(crate) fn split_gender_pair(label: &str) -> Option<[&str; 2]> {
    let slashes: Vec<usize> = label.match_indices('/').map(|(at, _)| at).collect();
    if slashes.len().is_multiple_of(2) {
        return None;
    }
    let middle = slashes[slashes.len() / 2];
    let (first, second) = (label[..middle].trim(), label[middle + 1..].trim());
    if [first, second].iter().any(|half| half.starts_with('-') || half.ends_with('-')) {
        return None;
    }
    let (words_a, words_b): (Vec<&str>, Vec<&str>) = (first.split_whitespace().collect(), second.split_whitespace().collect());
    let (Some(head_a), Some(head_b)) = (words_a.first(), words_b.first()) else { return None };
    let alike = words_a.len() == words_b.len()
        && shared_letters(head_a, head_b) >= SHARED_LETTERS
        && words_a.iter().zip(&words_b).all(|(a, b)| shared_letters(a, b) >= 1);
    alike.then_some([first, second])
}

/// How many first characters two words share, case and marks aside.
fn shared_letters(a: &str, b: &str) -> usize {
    letters(a).zip(letters(b)).take_while(|(x, y)| x == y).count()
}

fn letters(word: &str) -> impl Iterator<Item = char> {
    word.nfd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::split_gender_pair;

    #[test]
    fn clean_pairs_are_cut_and_others_left() {
        for (label, expected) in [
            ("Bäcker/Bäckerin", Some(["Bäcker", "Bäckerin"])),
            ("Arzt/Ärztin", Some(["Arzt", "Ärztin"])),
            ("director técnico/directora técnica", Some(["director técnico", "directora técnica"])),
            ("Operador de máquinas/ Operadora de máquinas", Some(["Operador de máquinas", "Operadora de máquinas"])),
            ("Leiter für Ton, Licht/Leiterin für Ton, Licht", Some(["Leiter für Ton, Licht", "Leiterin für Ton, Licht"])),
            (
                "Import-/Exportmanager für Holz/Import-/Exportmanagerin für Holz",
                Some(["Import-/Exportmanager für Holz", "Import-/Exportmanagerin für Holz"]),
            ),
            ("masseur/masseuse", Some(["masseur", "masseuse"])),
            ("monk/nun", None),
            ("enfermero/a", None),
            ("profesor/a técnico/a", None),
            ("Konditor/Konditorin für Torten", None),
            ("Rohr-/Kanalbauer", None),
            ("Bäcker", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(split_gender_pair(label), expected, "{label}");
        }
    }
}
