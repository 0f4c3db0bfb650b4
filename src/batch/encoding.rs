//! Turns the bytes of a file into UTF-8, and names the encoding of a file that is not what was said.
//!
//! Nothing is guessed silently: without a stated encoding a file is UTF-8, and one that is not is refused with the way out.
//! A file that is UTF-8 but for single broken rows is read; those rows are bad rows.

use std::io::{Cursor, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::BatchError;

/// How much of a file is looked at before the first row is answered.
const SAMPLE_BYTES: usize = 1 << 20;
/// Bytes decoded at a time.
const BLOCK_BYTES: usize = 1 << 16;

/// An encoding that a file may be said to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    Utf8,
    /// Windows-1252, which ISO 8859-1 (Latin-1) is a part of.
    Windows1252,
    /// UTF-16, its byte order from the mark, else little endian.
    Utf16,
}

impl TextEncoding {
    /// The encoding of a name such as `latin1` or `UTF-16`; `None` for an unknown one.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().replace('_', "-").as_str() {
            "utf-8" | "utf8" => Some(Self::Utf8),
            "latin1" | "latin-1" | "iso-8859-1" | "windows-1252" | "cp1252" | "ansi" => Some(Self::Windows1252),
            "utf-16" | "utf16" | "utf-16le" | "utf-16be" | "unicode" => Some(Self::Utf16),
            _ => None,
        }
    }
}

/// Opens a source as UTF-8 text without byte order mark.
///
/// # Errors
/// [`BatchError::Encoding`] names the encoding that the file seems to have; [`BatchError::Empty`] when there is nothing.
pub(super) fn decoded(mut source: Box<dyn Read + Send>, file: &str, encoding: TextEncoding) -> Result<Box<dyn Read + Send>, BatchError> {
    let mut sample = Vec::new();
    source.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(|error| BatchError::read(file, &error))?;
    if sample.is_empty() {
        return Err(BatchError::Empty { file: file.to_owned() });
    }
    if sample.starts_with(b"PAR1") {
        return Err(BatchError::Unsupported {
            what: format!("{file} is a Parquet file"),
            way_out: "give its name the ending .parquet and use a program built with `--features parquet`",
        });
    }
    let whole = |sample: Vec<u8>, skip: usize| -> Box<dyn Read + Send> {
        let mut cursor = Cursor::new(sample);
        cursor.set_position(skip as u64);
        Box::new(cursor.chain(source))
    };
    match encoding {
        TextEncoding::Utf8 => {
            check_utf8(&sample, file)?;
            let mark = if sample.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
            Ok(whole(sample, mark))
        }
        TextEncoding::Windows1252 => Ok(Box::new(Transcoded::new(whole(sample, 0), WINDOWS_1252.new_decoder_without_bom_handling()))),
        TextEncoding::Utf16 => {
            let is_big = sample.starts_with(&[0xfe, 0xff]) || (sample.len() > 1 && sample[0] == 0 && sample[1] != 0);
            let decoder = if is_big { UTF_16BE } else { UTF_16LE }.new_decoder_with_bom_removal();
            Ok(Box::new(Transcoded::new(whole(sample, 0), decoder)))
        }
    }
}

fn check_utf8(sample: &[u8], file: &str) -> Result<(), BatchError> {
    let fault = |at: usize, likely, label| {
        let line = 1 + sample[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        Err(BatchError::Encoding { file: file.to_owned(), line, likely, label })
    };
    let has_mark = sample.starts_with(&[0xff, 0xfe]) || sample.starts_with(&[0xfe, 0xff]);
    // In UTF-16 every second byte of Western text is zero; text in UTF-8 has next to none.
    let zeros = sample.iter().take(4096).filter(|byte| **byte == 0).count();
    if has_mark || zeros > sample.len().min(4096) / 4 {
        return fault(0, "UTF-16", "utf-16");
    }
    let Err(error) = std::str::from_utf8(sample) else { return Ok(()) };
    // A sample may end inside a letter.
    if error.error_len().is_none() && sample.len() == SAMPLE_BYTES {
        return Ok(());
    }
    // Letters beyond ASCII that are sound UTF-8 tell a UTF-8 file with broken rows from one in another encoding.
    if has_letters_beyond_ascii(sample) {
        return Ok(());
    }
    fault(error.valid_up_to(), "Windows-1252 (Latin-1)", "windows-1252")
}

fn has_letters_beyond_ascii(sample: &[u8]) -> bool {
    sample.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

/// A reader of UTF-8 over a reader of another encoding; what cannot be decoded becomes U+FFFD.
struct Transcoded<R> {
    source: R,
    decoder: Decoder,
    block: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    finished: bool,
}

impl<R: Read> Transcoded<R> {
    fn new(source: R, decoder: Decoder) -> Self {
        Self { source, decoder, block: vec![0; BLOCK_BYTES], text: Vec::new(), given: 0, finished: false }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        let read = self.source.read(&mut self.block)?;
        self.finished = read == 0;
        let room = self.decoder.max_utf8_buffer_length(read).unwrap_or(BLOCK_BYTES * 3 + 16);
        self.text.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.block[..read], &mut self.text, self.finished);
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.text.len() {
            if self.finished {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: TextEncoding) -> Result<String, BatchError> {
        let mut text = Vec::new();
        decoded(Box::new(Cursor::new(bytes.to_vec())), "f.csv", encoding)?.read_to_end(&mut text).expect("memory can be read");
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn reads_what_it_was_told() {
        let long = "Gärtnerin\n".repeat(30_000);
        let cases: [(&str, Vec<u8>, TextEncoding, &str); 7] = [
            ("plain", b"a,b\n".to_vec(), TextEncoding::Utf8, "a,b\n"),
            ("mark", "\u{feff}title\nKöchin\n".into(), TextEncoding::Utf8, "title\nKöchin\n"),
            ("latin-1", b"K\xf6chin\n".to_vec(), TextEncoding::Windows1252, "Köchin\n"),
            ("utf-16 le", utf16("Köchin\n", false, true), TextEncoding::Utf16, "Köchin\n"),
            ("utf-16 be", utf16("Köchin\n", true, true), TextEncoding::Utf16, "Köchin\n"),
            ("utf-16 without mark", utf16("Koch\n", false, false), TextEncoding::Utf16, "Koch\n"),
            ("many blocks", utf16(&long, true, true), TextEncoding::Utf16, &long),
        ];
        for (name, bytes, encoding, expected) in cases {
            assert_eq!(read(&bytes, encoding).expect(name), expected, "{name}");
        }
    }

    #[test]
    fn names_the_encoding_and_the_line() {
        let label = |bytes: &[u8]| match read(bytes, TextEncoding::Utf8) {
            Err(BatchError::Encoding { label, line, .. }) => Some((label, line)),
            _ => None,
        };
        assert_eq!(label(b"title\nKoch\nK\xf6chin\n"), Some(("windows-1252", 3)));
        assert_eq!(label(&utf16("title\n", false, true)), Some(("utf-16", 1)));
        assert_eq!(label(&utf16("title\nKoch", true, false)), Some(("utf-16", 1)));
        // One broken row in a file that is UTF-8 otherwise is a matter of that row.
        assert_eq!(label("Gärtner\nK\u{fffd}ch\n".as_bytes()), None);
        assert_eq!(label(b"G\xc3\xa4rtner\nK\xf6chin\n"), None);
        assert!(matches!(read(b"", TextEncoding::Utf8), Err(BatchError::Empty { .. })));
    }
}
