//! Turns a file of tokens into a check of requests that takes the same time whichever token is right or wrong.

use std::path::Path;

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use super::config::ConfigError;

/// Shortest token: 16 random letters cannot be guessed over a network.
const MIN_TOKEN_BYTES: usize = 16;

/// The tokens that are let in.
#[derive(Default)]
pub(super) struct Tokens {
    digests: Vec<[u8; 32]>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} tokens", self.digests.len())
    }
}

impl Tokens {
    /// Reads one token a line; blank lines and those that begin with `#` are left out.
    pub(super) fn load(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |reason: String| ConfigError::Tokens { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("{error}: check the path and its permissions")))?;
        let mut digests = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let token = line.trim();
            if token.is_empty() || token.starts_with('#') {
                continue;
            }
            // The token itself must not reach a log.
            if token.len() < MIN_TOKEN_BYTES || token.contains(char::is_whitespace) {
                let reason = format!("line {} is no token: write at least {MIN_TOKEN_BYTES} letters without blanks, as `openssl rand -hex 24` makes them", number + 1);
                return Err(wrong(reason));
            }
            digests.push(digest(token.as_bytes()));
        }
        if digests.is_empty() {
            return Err(wrong("holds no token: write one a line".to_owned()));
        }
        Ok(Self { digests })
    }

    /// Whether anybody is asked for a token.
    pub(super) fn are_needed(&self) -> bool {
        !self.digests.is_empty()
    }

    /// The place of the token that an Authorization header bears. Every token is compared in full, whatever is found.
    pub(super) fn find(&self, authorization: Option<&[u8]>) -> Option<usize> {
        let (scheme, token) = authorization?.split_at_checked("Bearer ".len())?;
        if !scheme.eq_ignore_ascii_case(b"Bearer ") {
            return None;
        }
        // Digests have one length, so the comparison tells nothing of the token's.
        let given = digest(token.trim_ascii());
        let (mut found, mut place) = (Choice::from(0), 0_u32);
        for (number, digest) in self.digests.iter().enumerate() {
            let equal = digest.ct_eq(&given);
            place.conditional_assign(&(number as u32), equal);
            found |= equal;
        }
        bool::from(found).then_some(place as usize)
    }
}

fn digest(token: &[u8]) -> [u8; 32] {
    *blake3::hash(token).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), text).expect("writable");
        file
    }

    #[test]
    fn tokens_are_found() {
        let file = file("# staff\naaaaaaaaaaaaaaaaaaaa\n\nbbbbbbbbbbbbbbbbbbbb\n");
        let tokens = Tokens::load(file.path()).expect("two tokens");
        for (header, expected) in [
            (Some("Bearer aaaaaaaaaaaaaaaaaaaa"), Some(0)),
            (Some("bearer bbbbbbbbbbbbbbbbbbbb"), Some(1)),
            (Some("Bearer bbbbbbbbbbbbbbbbbbb"), None),
            (Some("Bearer "), None),
            (Some("Basic aaaaaaaaaaaaaaaaaaaa"), None),
            (Some("aaaaaaaaaaaaaaaaaaaa"), None),
            (Some(""), None),
            (None, None),
        ] {
            assert_eq!(tokens.find(header.map(str::as_bytes)), expected, "{header:?}");
        }
    }

    #[test]
    fn bad_files_are_refused_without_showing_a_token() {
        for text in ["", "# nothing\n", "shorty\n", "aaaaaaaaaaaaaaaaaaaa bbbbbb\n"] {
            let message = Tokens::load(file(text).path()).expect_err("refused").to_string();
            assert!(!message.contains("shorty") && !message.contains("aaaa"), "{message}");
        }
    }
}
