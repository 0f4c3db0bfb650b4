//! Splits a label that writes two gender forms side by side (*Bäcker/Bäckerin*) into the two, where the cut is clean.

use unicode_normalization::UnicodeNormalization;

/// How many first letters the two forms must share, marks aside: enough to tell *Arzt/Ärztin* from *monk/nun*.
const SHARED_LETTERS: usize = 3;

/// The two halves of a label around its middle slash; `None` unless each is a whole name: both have as many words as the
/// other, the first words begin alike, the other words begin with the same letter, and no half has a loose hyphen.
///
/// *Import-/Exportmanager/Import-/Exportmanagerin* is cut at the middle one of its three slashes. *masseur/masseuse*,
/// *director técnico/directora técnica* are cut, and the German *Lehrer/in für Kunst* is written out; *enfermero/a*,
/// *Konditor/Konditorin für Torten* and *monk/nun* are left.
pub(crate) fn split_gender_pair(label: &str) -> Option<[String; 2]> {
    write_out_german_ending(label).or_else(|| cut_at_middle(label))
}

/// *Lehrer/in für Kunst* and *Lehrer/-in*: the ending belongs to the word before it.
fn write_out_german_ending(label: &str) -> Option<[String; 2]> {
    let words: Vec<&str> = label.split(' ').collect();
    let stem = |word: &str| word.strip_suffix("/in").or_else(|| word.strip_suffix("/-in")).map(str::to_owned);
    let is_short = words.iter().any(|word| stem(word).is_some_and(|stem| stem.chars().count() >= SHARED_LETTERS));
    is_short.then(|| {
        let form = |ending: &str| {
            let words = words.iter().map(|word| stem(word).map_or_else(|| (*word).to_owned(), |stem| stem + ending));
            words.collect::<Vec<_>>().join(" ")
        };
        [form(""), form("in")]
    })
}

fn cut_at_middle(label: &str) -> Option<[String; 2]> {
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
    alike.then(|| [first, second].map(str::to_owned))
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
            ("Lehrer/in für Kunst", Some(["Lehrer für Kunst", "Lehrerin für Kunst"])),
            ("Pfleger/-in - Operations-/Endoskopiedienst", Some(["Pfleger - Operations-/Endoskopiedienst", "Pflegerin - Operations-/Endoskopiedienst"])),
            ("x/in", None),
            ("monk/nun", None),
            ("enfermero/a", None),
            ("profesor/a técnico/a", None),
            ("Konditor/Konditorin für Torten", None),
            ("Rohr-/Kanalbauer", None),
            ("Bäcker", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(split_gender_pair(label), expected.map(|pair| pair.map(str::to_owned)), "{label}");
        }
    }
}
