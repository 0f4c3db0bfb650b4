//! Turns text into a validated role code.

use serde::{Deserialize, Serialize};

/// Longest code in bytes: longer than any scheme's URI, short enough for a path and a log line.
const MAX_CODE_BYTES: usize = 200;

/// Public code of a role: non-empty text of at most 200 bytes without control characters or blanks at its ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleCode(String);

/// Why a text is no role code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// There is no text.
    #[error("a role code cannot be empty: give every role a code")]
    Empty,
    /// The text is too long.
    #[error("a role code has at most {MAX_CODE_BYTES} bytes, this one has {bytes}: shorten it")]
    TooLong {
        /// Length found.
        bytes: usize,
    },
    /// The text begins or ends with white space.
    #[error("the role code {code:?} begins or ends with a blank: remove it")]
    OuterBlank {
        /// The text found.
        code: String,
    },
    /// The text holds a control character.
    #[error("the role code {code:?} holds a control character: remove it")]
    Control {
        /// The text found.
        code: String,
    },
}

impl RoleCode {
    /// Checks a text.
    ///
    /// # Errors
    /// [`CodeError`] names the first rule broken.
    pub fn new(text: impl Into<String>) -> Result<Self, CodeError> {
        let code = text.into();
        if code.is_empty() {
            return Err(CodeError::Empty);
        }
        if code.len() > MAX_CODE_BYTES {
            return Err(CodeError::TooLong { bytes: code.len() });
        }
        if code.trim() != code {
            return Err(CodeError::OuterBlank { code });
        }
        if code.chars().any(char::is_control) {
            return Err(CodeError::Control { code });
        }
        Ok(Self(code))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RoleCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for RoleCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        Self::new(text)
    }
}

impl From<RoleCode> for String {
    fn from(code: RoleCode) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        for good in ["DEI.GEN.P5", "http://data.europa.eu/esco/occupation/1", "43-4051", "a b"] {
            assert_eq!(RoleCode::new(good).expect(good).as_str(), good);
        }
        assert_eq!(RoleCode::new(""), Err(CodeError::Empty));
        assert!(matches!(RoleCode::new(" a"), Err(CodeError::OuterBlank { .. })));
        assert!(matches!(RoleCode::new("a\u{0}b"), Err(CodeError::Control { .. })));
        assert!(matches!(RoleCode::new("x".repeat(201)), Err(CodeError::TooLong { bytes: 201 })));
    }
}
