//! Turns number arrays into little-endian byte strings and back, so that a model of megabytes loads in milliseconds.
//!
//! Used as `#[serde(with = "packed::f32s")]`; a plain sequence would go through serde one number at a time.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

/// Reads a byte string by a function that refuses one of a broken length.
struct Bytes<N>(fn(&[u8]) -> Option<Vec<N>>);

impl<N> Visitor<'_> for Bytes<N> {
    type Value = Vec<N>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a byte string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<N>, E> {
        (self.0)(bytes).ok_or_else(|| E::custom("a packed array has a broken length"))
    }
}

macro_rules! packed {
    ($name:ident, $number:ty, $width:literal) => {
        pub(crate) mod $name {
            use super::*;

            pub(crate) fn serialize<S: Serializer>(numbers: &[$number], serializer: S) -> Result<S::Ok, S::Error> {
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                serializer.serialize_bytes(&bytes)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<$number>, D::Error> {
                deserializer.deserialize_byte_buf(Bytes(|bytes| {
                    let (whole, rest) = bytes.as_chunks::<$width>();
                    rest.is_empty().then(|| whole.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect())
                }))
            }
        }
    };
}

packed!(f32s, f32, 4);
packed!(i8s, i8, 1);
packed!(u32s, u32, 4);
packed!(u64s, u64, 8);
