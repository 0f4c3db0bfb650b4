//! Turns number arrays into little-endian byte strings and back, so that a model of megabytes loads in milliseconds.
//!
//! Used as `#[serde(with = "packed::f32s")]`; a plain sequence would go through serde one number at a time.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a byte string")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
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
                let bytes = deserializer.deserialize_byte_buf(Bytes)?;
                let (whole, rest) = bytes.as_chunks::<$width>();
                if !rest.is_empty() {
                    return Err(D::Error::custom("a packed array has a broken length"));
                }
                Ok(whole.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect())
            }
        }
    };
}

packed!(f32s, f32, 4);
packed!(i8s, i8, 1);
packed!(u32s, u32, 4);
packed!(u64s, u64, 8);
