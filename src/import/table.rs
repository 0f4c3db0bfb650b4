//! Turns a CSV or TSV file into rows whose columns are known to exist, refusing what is not UTF-8 or not rectangular.
//!
//! A byte order mark and CRLF are tolerated, columns stand in any order, and columns nobody asked for are ignored.

use std::path::Path;

use super::{ImportError, RowProblem, name_of};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Comma-separated, quotes as in RFC 4180.
    Csv,
    /// Tab-separated, quotes are letters like any other.
    PlainTsv,
    /// Another delimiter, quotes as in RFC 4180.
    Delimited(u8),
}

/// A table in memory.
pub(crate) struct Table {
    file: String,
    header: Vec<String>,
    rows: Vec<Row>,
}

/// A row with the line it begins on.
pub(crate) struct Row {
    pub(crate) line: u32,
    cells: csv::StringRecord,
}

/// Names a column that a table is known to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column(usize);

impl Row {
    /// A cell without blanks at its ends.
    pub(crate) fn get(&self, column: Column) -> &str {
        self.cells.get(column.0).unwrap_or_default().trim()
    }

    /// A cell of a column that may be missing; empty then.
    pub(crate) fn get_or_empty(&self, column: Option<Column>) -> &str {
        column.map_or("", |column| self.get(column))
    }
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// Unreadable, not UTF-8, without a header, or with rows of another width than the header's (all are listed).
    pub(crate) fn read(path: &Path, layout: Layout) -> Result<Self, ImportError> {
        let file = name_of(path);
        let text = read_utf8(path)?;
        Self::parse(file, &text, layout)
    }

    /// Reads a text; `file` stands for it in messages.
    pub(crate) fn parse(file: String, text: &str, layout: Layout) -> Result<Self, ImportError> {
        let mut builder = csv::ReaderBuilder::new();
        builder.has_headers(false).flexible(true);
        match layout {
            Layout::Csv => &mut builder,
            Layout::PlainTsv => builder.delimiter(b'\t').quoting(false),
            Layout::Delimited(delimiter) => builder.delimiter(delimiter),
        };
        let mut reader = builder.from_reader(text.as_bytes());
        let mut header: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        let mut problems = Vec::new();
        for record in reader.records() {
            let cells = record.expect("a flexible reader of UTF-8 text in memory takes every record");
            let line = cells.position().map_or(0, |position| first_line(text, position)) as u32;
            let Some(header) = &header else {
                header = Some(cells.iter().map(|cell| cell.trim().to_owned()).collect());
                continue;
            };
            if cells.len() == header.len() {
                rows.push(Row { line, cells });
            } else if cells.iter().any(|cell| !cell.trim().is_empty()) {
                let message = format!("the row has {} cells and the header {}: check its delimiters and quotes", cells.len(), header.len());
                problems.push(RowProblem { file: file.clone(), line, column: String::new(), message });
            }
        }
        let header = header.ok_or_else(|| ImportError::Header {
            file: file.clone(),
            message: "the file is empty: expected a first line with the names of the columns".to_owned(),
        })?;
        if problems.is_empty() { Ok(Self { file, header, rows }) } else { Err(ImportError::Rows(problems)) }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// A column's name as the header writes it.
    pub(crate) fn name(&self, column: Column) -> &str {
        &self.header[column.0]
    }

    /// A column that may be missing; case is ignored.
    pub(crate) fn optional(&self, name: &str) -> Option<Column> {
        self.header.iter().position(|found| found.eq_ignore_ascii_case(name)).map(Column)
    }

    /// Columns that must be there.
    ///
    /// # Errors
    /// Names every missing column and the columns found.
    pub(crate) fn require<const N: usize>(&self, names: [&str; N]) -> Result<[Column; N], ImportError> {
        let missing: Vec<String> =
            names.iter().filter(|name| self.optional(name).is_none()).map(|name| format!("{name:?}")).collect();
        if !missing.is_empty() {
            let message = format!("the header lacks {}; it has {}", missing.join(", "), self.header.join(", "));
            return Err(ImportError::Header { file: self.file.clone(), message });
        }
        Ok(names.map(|name| self.optional(name).expect("missing columns were refused above")))
    }

    /// A problem of a row of this table.
    pub(crate) fn problem(&self, row: &Row, column: &str, message: String) -> RowProblem {
        RowProblem { file: self.file.clone(), line: row.line, column: column.to_owned(), message }
    }
}

/// The line of a record's first letter: the reader's own position may be that of blank lines before it.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let rest = &text.as_bytes()[position.byte() as usize..];
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

/// A file's text without its byte order mark.
///
/// # Errors
/// Unreadable, or not UTF-8: then with the offset and the likely encoding.
pub(crate) fn read_utf8(path: &Path) -> Result<String, ImportError> {
    let bytes = std::fs::read(path).map_err(|source| ImportError::Read { file: name_of(path), source })?;
    let text = utf8(&name_of(path), bytes)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn utf8(file: &str, bytes: Vec<u8>) -> Result<String, ImportError> {
    // UTF-16 text of ASCII letters is valid UTF-8 full of zero bytes: its mark or its zeros give it away.
    let zeros = bytes.iter().take(200).filter(|byte| **byte == 0).count();
    let likely = match bytes.get(..2) {
        Some([0xff, 0xfe]) => "UTF-16 (little-endian)",
        Some([0xfe, 0xff]) => "UTF-16 (big-endian)",
        _ if zeros > 10 && bytes[0] == 0 => "UTF-16 (big-endian)",
        _ if zeros > 10 => "UTF-16 (little-endian)",
        _ => "Windows-1252",
    };
    if zeros > 10 {
        let offset = bytes.iter().position(|byte| *byte == 0 || *byte >= 0xfe).unwrap_or(0);
        return Err(ImportError::NotUtf8 { file: file.to_owned(), offset, likely });
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        ImportError::NotUtf8 { file: file.to_owned(), offset, likely }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, layout: Layout) -> Result<Table, ImportError> {
        Table::parse("t".to_owned(), text, layout)
    }

    #[test]
    fn columns_in_any_order_and_lines_of_rows() {
        let table = parse("b,A,c\r\n1,\"two\nlines\",3\r\n\r\n4, 5 ,6\r\n", Layout::Csv).expect("good");
        let [a, b] = table.require(["a", "b"]).expect("both are there");
        let rows: Vec<_> = table.rows().iter().map(|row| (row.line, row.get(a), row.get(b))).collect();
        assert_eq!(rows, [(2, "two\nlines", "1"), (5, "5", "4")]);
        assert_eq!(table.optional("d"), None);
    }

    #[test]
    fn quotes_are_letters_in_plain_tsv() {
        let table = parse("a\tb\n5\" pipe\tx\n", Layout::PlainTsv).expect("good");
        let [a] = table.require(["a"]).expect("there");
        assert_eq!(table.rows()[0].get(a), "5\" pipe");
    }

    #[test]
    fn faults_name_place_and_expectation() {
        let message = |text: &str| parse(text, Layout::Csv).err().expect("refused").to_string();
        assert!(message("").contains("the file is empty"));
        let all = message("a,b\n1\n1,2\n1,2,3\n");
        assert!(all.contains("t:2: the row has 1 cells and the header 2") && all.contains("t:4: the row has 3 cells"), "{all}");
        let table = parse("a,b\n", Layout::Csv).expect("good");
        let missing = table.require(["a", "code", "title"]).expect_err("refused").to_string();
        assert_eq!(missing, "t: the header lacks \"code\", \"title\"; it has a, b");
    }

    #[test]
    fn other_encodings_are_named() {
        for (bytes, offset, likely) in [
            (b"a,b\nM\xfcller,1".to_vec(), 5, "Windows-1252"),
            ([0xff, 0xfe].into_iter().chain("code,title\n1,clerk".encode_utf16().flat_map(u16::to_le_bytes)).collect(), 0, "UTF-16 (little-endian)"),
            ("code,title\n1,clerk".encode_utf16().flat_map(u16::to_be_bytes).collect(), 0, "UTF-16 (big-endian)"),
        ] {
            match utf8("t", bytes) {
                Err(ImportError::NotUtf8 { offset: found, likely: encoding, .. }) => assert_eq!((found, encoding), (offset, likely)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(utf8("t", "Müller".into()).expect("good"), "Müller");
    }
}
