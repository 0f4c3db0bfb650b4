//! Turns text into records: the lines of a list, or the rows of a CSV, whose quoted cells may hold line ends.
//!
//! A quote that is never closed would swallow the rest of a file. Such a record is cut back to its first line and marked, and
//! reading goes on with the next line, so that one broken row costs one row.

use std::io::Read;

/// Longest record: a row with a whole vacancy text in a cell is far shorter, and what is longer would not fit in memory
/// many times over.
pub(super) const MAX_RECORD_BYTES: usize = 4 << 20;
/// Bytes read at a time.
const BLOCK_BYTES: usize = 1 << 17;

/// Cuts a source into records.
pub(super) struct Records<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where the next record begins.
    start: usize,
    /// How far the record has been looked through.
    seen: usize,
    place: Place,
    /// Delimiter of a CSV; `None` for plain lines.
    delimiter: Option<u8>,
    /// Line on which the next record begins, from 1.
    line: u64,
    finished: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: its end, or the first of two.
    AfterQuote,
}

/// A record in the reader's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// Its bytes without line end.
    pub(super) bytes: &'a [u8],
    /// Whether a quote was never closed, so that only its first line is here.
    pub(super) unclosed: bool,
}

/// Why there is no next record.
#[derive(Debug)]
pub(super) enum RecordError {
    Io(std::io::Error),
    TooLong { line: u64 },
}

impl<R: Read> Records<R> {
    pub(super) fn new(source: R, delimiter: Option<u8>) -> Self {
        Self { source, buffer: Vec::new(), start: 0, seen: 0, place: Place::CellStart, delimiter, line: 1, finished: false }
    }

    /// Says how the rest is to be cut; only before the first record.
    pub(super) fn set_delimiter(&mut self, delimiter: Option<u8>) {
        self.delimiter = delimiter;
    }

    /// The first bytes, up to a block, without taking them.
    pub(super) fn peek(&mut self) -> std::io::Result<&[u8]> {
        while !self.finished && self.buffer.len() < BLOCK_BYTES {
            self.refill()?;
        }
        Ok(&self.buffer[self.start..])
    }

    /// The next record.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, RecordError> {
        loop {
            if let Some(end) = self.find_end() {
                return Ok(Some(self.take(end, end + 1, false)));
            }
            let length = self.buffer.len() - self.start;
            let in_quotes = self.place == Place::Quoted;
            if in_quotes && (self.finished || length > MAX_RECORD_BYTES) {
                let rest = &self.buffer[self.start..];
                let end = self.start + rest.iter().position(|byte| *byte == b'\n').unwrap_or(length);
                return Ok(Some(self.take(end, end + 1, true)));
            }
            if self.finished {
                let end = self.buffer.len();
                return Ok((length > 0).then(|| self.take(end, end, false)));
            }
            if length > MAX_RECORD_BYTES {
                return Err(RecordError::TooLong { line: self.line });
            }
            self.refill().map_err(RecordError::Io)?;
        }
    }

    /// Looks for the end of the record from where the last look ended.
    fn find_end(&mut self) -> Option<usize> {
        let Some(delimiter) = self.delimiter else {
            let found = self.buffer[self.seen..].iter().position(|byte| *byte == b'\n').map(|offset| self.seen + offset);
            self.seen = found.unwrap_or(self.buffer.len());
            return found;
        };
        for at in self.seen..self.buffer.len() {
            let byte = self.buffer[at];
            self.place = match (self.place, byte) {
                (Place::Quoted, b'"') => Place::AfterQuote,
                (Place::Quoted, _) => Place::Quoted,
                (Place::AfterQuote, b'"') => Place::Quoted,
                (_, b'\n') => {
                    self.seen = at;
                    return Some(at);
                }
                (Place::CellStart, b'"') => Place::Quoted,
                (_, byte) if byte == delimiter => Place::CellStart,
                _ => Place::Plain,
            };
        }
        self.seen = self.buffer.len();
        None
    }

    fn take(&mut self, end: usize, next: usize, unclosed: bool) -> Record<'_> {
        let (start, line) = (self.start, self.line);
        self.start = next.min(self.buffer.len());
        self.seen = self.start;
        self.place = Place::CellStart;
        let bytes = &self.buffer[start..end];
        self.line += 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        Record { line, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes), unclosed }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.seen -= self.start;
            self.start = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + BLOCK_BYTES, 0);
        let read = loop {
            match self.source.read(&mut self.buffer[filled..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.buffer.truncate(filled + *read.as_ref().unwrap_or(&0));
        self.finished = read? == 0;
        Ok(())
    }
}

/// Cuts a CSV record into its cells, quotes undone.
pub(super) fn cells(record: &[u8], delimiter: u8) -> csv::ByteRecord {
    let mut cells = csv::ByteRecord::with_capacity(record.len(), 8);
    let mut scratch: Vec<u8> = Vec::new();
    let mut at = 0;
    loop {
        if record.get(at) == Some(&b'"') {
            scratch.clear();
            at = quoted_cell(record, at + 1, delimiter, &mut scratch);
            cells.push_field(&scratch);
        } else {
            let end = record[at..].iter().position(|byte| *byte == delimiter).map_or(record.len(), |offset| at + offset);
            cells.push_field(&record[at..end]);
            at = end;
        }
        if at >= record.len() {
            return cells;
        }
        // Past the delimiter: a record that ends with one has an empty last cell.
        at += 1;
    }
}

/// Reads a quoted cell from after its quote into `cell`; returns where its delimiter or the end stands. Text after the
/// closing quote belongs to the cell, as in every lenient reader.
fn quoted_cell(record: &[u8], mut at: usize, delimiter: u8, cell: &mut Vec<u8>) -> usize {
    let mut open = true;
    while let Some(byte) = record.get(at) {
        match (open, byte) {
            (true, b'"') if record.get(at + 1) == Some(&b'"') => {
                cell.push(b'"');
                at += 1;
            }
            (true, b'"') => open = false,
            (false, byte) if *byte == delimiter => return at,
            (_, byte) => cell.push(*byte),
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &[u8], delimiter: Option<u8>) -> Vec<(u64, String, bool)> {
        let mut records = Records::new(text, delimiter);
        let mut found = Vec::new();
        while let Some(record) = records.next().expect("memory can be read") {
            found.push((record.line, String::from_utf8_lossy(record.bytes).into_owned(), record.unclosed));
        }
        found
    }

    #[test]
    fn cuts_lines_and_rows() {
        let row = |line, text: &str| (line, text.to_owned(), false);
        assert_eq!(all(b"a\r\nb\n\nc", None), vec![row(1, "a"), row(2, "b"), row(3, ""), row(4, "c")]);
        assert_eq!(all(b"a,\"x\ny\"\r\nb,2\n", Some(b',')), vec![row(1, "a,\"x\ny\""), row(3, "b,2")]);
        assert_eq!(all(b"1,5\" pipe\n2,x\n", Some(b',')), vec![row(1, "1,5\" pipe"), row(2, "2,x")]);
        assert_eq!(all(b"", Some(b',')), vec![]);
    }

    #[test]
    fn an_unclosed_quote_costs_one_row() {
        let found = all(b"a,b\n1,\"open\n2,x\n3,y\n", Some(b','));
        assert_eq!(found.len(), 4);
        assert_eq!(found[1], (2, "1,\"open".to_owned(), true));
        assert_eq!(found[3], (4, "3,y".to_owned(), false));
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let endless = vec![b'x'; MAX_RECORD_BYTES + BLOCK_BYTES + 1];
        assert!(matches!(Records::new(endless.as_slice(), None).next(), Err(RecordError::TooLong { line: 1 })));
    }

    proptest! {
        #[test]
        fn agrees_with_the_csv_crate(text in "([a-c,\"\r]|\n){0,60}") {
            // A lone carriage return ends a record there and not here; an unclosed quote is cut back only here.
            let text = text.replace("\r\n", "\n").replace('\r', "");
            let found = all(text.as_bytes(), Some(b','));
            prop_assume!(found.iter().all(|(_, _, unclosed)| !unclosed));
            let ours: Vec<Vec<String>> = found
                .iter()
                .filter(|(_, record, _)| !record.is_empty())
                .map(|(_, record, _)| cells(record.as_bytes(), b',').iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect())
                .collect();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|record| record.expect("text").iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
