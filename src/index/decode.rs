//! Turns the bytes of a section into the part of an index that they hold, unpacking as it goes.
//!
//! PERF: unpacked as a whole first, a section would leave behind as much memory as it takes, most of it for good: what
//! follows lies between its pieces.

use std::io::{BufRead, BufReader, Read};

use postcard::de_flavors::Flavor;
use postcard::{Deserializer, Error};
use serde::de::DeserializeOwned;
use serde::Serialize;

/// Compression of all but the models, whose weights do not shrink: a little slower to write, quick to read, and a third of
/// the size.
const COMPRESSION: i32 = 12;
/// Unpacked bytes held at a time: as many as zstd hands out at once.
const BUFFER: usize = 1 << 17;
/// Bytes of one text or array that are set aside before they were read: a damaged length must not take all memory.
const TRUSTED: usize = 1 << 20;

pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("index parts are plain data")
}

pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    postcard::from_bytes(bytes).map_err(|error| error.to_string())
}

pub(super) fn encode_compressed<T: Serialize>(value: &T) -> Vec<u8> {
    zstd::encode_all(encode(value).as_slice(), COMPRESSION).expect("compressing in memory cannot fail")
}

pub(super) fn decode_compressed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let unpacked = zstd::Decoder::with_buffer(bytes).map_err(|error| error.to_string())?;
    let mut deserializer = Deserializer::from_flavor(Stream { reader: BufReader::with_capacity(BUFFER, unpacked), taken: Vec::new() });
    T::deserialize(&mut deserializer).map_err(|error| error.to_string())
}

/// Bytes that are read when they are asked for. Nothing can be borrowed from it for longer than one text.
struct Stream<R> {
    reader: BufReader<R>,
    taken: Vec<u8>,
}

impl<'de, R: Read + 'de> Flavor<'de> for Stream<R> {
    type Remainder = ();
    type Source = ();

    #[inline]
    fn pop(&mut self) -> postcard::Result<u8> {
        let first = match self.reader.buffer().first() {
            Some(first) => *first,
            None => *self.reader.fill_buf().ok().and_then(<[u8]>::first).ok_or(Error::DeserializeUnexpectedEnd)?,
        };
        self.reader.consume(1);
        Ok(first)
    }

    fn try_take_n(&mut self, _: usize) -> postcard::Result<&'de [u8]> {
        Err(Error::NotYetImplemented)
    }

    fn try_take_n_temp<'a>(&'a mut self, count: usize) -> postcard::Result<&'a [u8]>
    where
        'de: 'a,
    {
        self.taken.clear();
        self.taken.reserve(count.min(TRUSTED));
        match self.reader.by_ref().take(count as u64).read_to_end(&mut self.taken) {
            Ok(read) if read == count => Ok(&self.taken),
            _ => Err(Error::DeserializeUnexpectedEnd),
        }
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn decodes_what_was_encoded(texts in proptest::collection::vec((".{0,40}", proptest::prelude::any::<Option<u64>>(), proptest::prelude::any::<char>()), 0..50), long in 0_usize..600_000) {
            let value = (texts, "ä".repeat(long));
            let packed = encode_compressed(&value);
            proptest::prop_assert_eq!(decode_compressed(&packed), Ok(value));
        }
    }

    #[test]
    fn refuses_what_is_cut_off_or_claims_too_much() {
        let value = vec!["a name".to_owned(); 1_000];
        let packed = encode_compressed(&value);
        assert_eq!(decode_compressed::<Vec<String>>(&packed), Ok(value));
        assert!(decode_compressed::<Vec<String>>(&packed[..packed.len() - 9]).is_err());
        let claims = zstd::encode_all([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, b'a'].as_slice(), COMPRESSION).expect("in memory");
        assert!(decode_compressed::<String>(&claims).is_err());
    }
}
