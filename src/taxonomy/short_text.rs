//! Turns the short texts that many records repeat, as the language of a name, into one text in memory.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use string_cache::DefaultAtom;

/// A short text that many records repeat, as in `en`. It is read like a `&str` and made by `"en".into()`; equal ones share
/// their memory, and files hold them as plain texts.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct ShortText(DefaultAtom);

impl ShortText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for ShortText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ShortText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for ShortText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for ShortText {
    fn eq(&self, other: &T) -> bool {
        self.as_str() == other.as_ref()
    }
}

impl fmt::Debug for ShortText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl fmt::Display for ShortText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), formatter)
    }
}

impl<'de> Deserialize<'de> for ShortText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = ShortText;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<ShortText, E> {
                Ok(text.into())
            }
        }
        // As a string, not a borrowed text: an index is decoded while it is unpacked.
        deserializer.deserialize_string(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_hold_plain_texts() {
        for text in ["", "en", "onet alternate title", "Bäcker"] {
            let short = ShortText::from(text);
            assert_eq!(serde_json::to_string(&short).expect("a text"), serde_json::to_string(text).expect("a text"));
            assert_eq!(postcard::to_stdvec(&short).expect("a text"), postcard::to_stdvec(text).expect("a text"));
            let bytes = postcard::to_stdvec(text).expect("a text");
            assert_eq!(postcard::from_bytes::<ShortText>(&bytes).expect("a text"), *text);
            assert_eq!(serde_json::from_value::<ShortText>(text.into()).expect("a text"), short);
        }
        assert_eq!(std::mem::size_of::<Option<ShortText>>(), 8);
    }
}
