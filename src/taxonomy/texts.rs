//! Turns the texts that a taxonomy holds by the ten thousand into ones that take little memory.
//!
//! Both kinds are read like a `&str`, are made by `"en".into()`, and stand in files as plain texts.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;
use string_cache::DefaultAtom;

/// A short text that many records repeat, as in `en`: equal ones share their memory.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct ShortText(DefaultAtom);

/// A name, as in `Registered Nurse`: most are short enough to stand in their record itself.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameText(SmolStr);

macro_rules! text {
    ($text:ident) => {
        impl $text {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $text {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $text {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $text {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl<T: AsRef<str> + ?Sized> PartialEq<T> for $text {
            fn eq(&self, other: &T) -> bool {
                self.as_str() == other.as_ref()
            }
        }

        impl fmt::Debug for $text {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), formatter)
            }
        }

        impl fmt::Display for $text {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.as_str(), formatter)
            }
        }

        impl Serialize for $text {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $text {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $text;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str("a text")
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$text, E> {
                        Ok(text.into())
                    }
                }
                // As a string, not a borrowed text: an index is decoded while it is unpacked.
                deserializer.deserialize_string(Text)
            }
        }
    };
}

text!(ShortText);
text!(NameText);

#[cfg(test)]
mod tests {
    use super::*;

    fn is_plain_in_files<T: Serialize + serde::de::DeserializeOwned + fmt::Debug + PartialEq + for<'t> From<&'t str>>() {
        for text in ["", "en", "onet alternate title", "Bäcker", "Manager of a rather long-winded department"] {
            let bytes = postcard::to_stdvec(text).expect("a text");
            assert_eq!(serde_json::to_string(&T::from(text)).expect("a text"), serde_json::to_string(text).expect("a text"));
            assert_eq!(postcard::to_stdvec(&T::from(text)).expect("a text"), bytes);
            assert_eq!(postcard::from_bytes::<T>(&bytes).expect("a text"), text.into());
            assert_eq!(serde_json::from_value::<T>(text.into()).expect("a text"), text.into());
        }
    }

    #[test]
    fn files_hold_plain_texts() {
        is_plain_in_files::<ShortText>();
        is_plain_in_files::<NameText>();
    }

    #[test]
    fn an_alias_takes_sixty_four_bytes() {
        assert_eq!(std::mem::size_of::<crate::taxonomy::Alias>(), 64);
    }
}
