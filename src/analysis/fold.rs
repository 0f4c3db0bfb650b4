//! Turns text as typed into folded text: lower case, without marks, with plain quotes and dashes.
//!
//! Every folded byte knows the input byte it came from, so that what is recorded about a title can quote it as typed.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folded text with the way back to the input.
#[derive(Debug, Default, Clone)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text`, the byte of the input where its character starts; one more entry holds the input's length.
    pub origin: Vec<u32>,
}

impl Folded {
    /// The input bytes behind a range of the folded text.
    pub fn input_range(&self, start: usize, end: usize, input: &str) -> std::ops::Range<usize> {
        let from = self.origin[start] as usize;
        let last = self.origin[end.max(1) - 1] as usize;
        let width = input[last..].chars().next().map_or(0, char::len_utf8);
        from..(last + width).max(from)
    }
}

/// Folds a text. Control characters become blanks; letters of every script are kept.
pub fn fold(input: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(input.len()), origin: Vec::with_capacity(input.len() + 1) };
    for (offset, original) in input.char_indices() {
        if original.is_ascii() {
            let plain = if original.is_ascii_control() { ' ' } else { original.to_ascii_lowercase() };
            folded.text.push(plain);
            folded.origin.push(offset as u32);
            continue;
        }
        let before = folded.text.len();
        for part in std::iter::once(original).nfkd() {
            if !is_combining_mark(part) {
                push_plain(part, &mut folded.text);
            }
        }
        folded.origin.resize(folded.origin.len() + folded.text.len() - before, offset as u32);
    }
    folded.origin.push(input.len() as u32);
    folded
}

/// The words of a text in folded form, as they are written: letters and digits between anything else.
pub fn folded_words(text: &str) -> Vec<String> {
    fold(text).text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Pushes one decomposed character in its plain form.
fn push_plain(part: char, text: &mut String) {
    match part {
        'ß' | 'ẞ' => text.push_str("ss"),
        'æ' | 'Æ' => text.push_str("ae"),
        'œ' | 'Œ' => text.push_str("oe"),
        'ø' | 'Ø' => text.push('o'),
        'ł' | 'Ł' => text.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => text.push('d'),
        'þ' | 'Þ' => text.push_str("th"),
        'ı' => text.push('i'),
        '‘' | '’' | '‛' | '`' | '´' | 'ʼ' | '′' => text.push('\''),
        '“' | '”' | '„' | '«' | '»' => text.push('"'),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' => text.push('-'),
        '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
        other if other.is_control() || other.is_whitespace() => text.push(' '),
        other => text.extend(other.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for (input, expected) in [
            ("Sr. DevOps", "sr. devops"),
            ("Éducatrice", "educatrice"),
            ("Bürokauffrau", "burokauffrau"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("P5–P6", "p5-p6"),
            ("worker’s", "worker's"),
            ("soft\u{ad}ware\u{200b}", "software"),
            ("a\u{0}b", "a b"),
            ("ﬁtter", "fitter"),
        ] {
            assert_eq!(fold(input).text, expected, "{input}");
        }
    }

    #[test]
    fn origin_points_into_the_input() {
        let input = "Ärztin ﬁt";
        let folded = fold(input);
        assert_eq!(folded.origin.len(), folded.text.len() + 1);
        assert_eq!(&input[folded.input_range(0, 6, input)], "Ärztin");
        assert_eq!(&input[folded.input_range(7, 10, input)], "ﬁt");
    }
}
