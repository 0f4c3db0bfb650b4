//! Turns the body of a batch into rows: JSON, NDJSON or CSV, with each bad row kept in its place.

use serde_json::{Map, Value};

use crate::batch::guess_title_column;
use crate::server::params::quoted;
use crate::server::problem::{Kind, Problem};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// An array of texts or objects.
    Json,
    /// A text or object a line.
    Ndjson,
    /// Comma-separated, with a header.
    Csv,
}

impl Format {
    /// The format of a media type.
    pub(super) fn of(media_type: &str) -> Option<Self> {
        match media_type {
            "application/json" => Some(Self::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/x-jsonlines" => Some(Self::Ndjson),
            "text/csv" | "application/csv" => Some(Self::Csv),
            _ => None,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// What the answer is called: the row's own id, else its number.
    pub(super) id: Value,
    /// What is asked, or why that cannot be read.
    pub(super) asked: Result<Asked, Problem>,
    /// The columns, in order: those of a CSV, or the members of an object.
    pub(super) cells: Vec<Value>,
}

/// A title with its language, when the row states one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) title: String,
    pub(super) lang: Option<String>,
}

/// Rows with the names of their columns.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rows {
    /// Names of the columns of a CSV; for JSON those that any row has, in the order of their first use.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// What rows are read with.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// Column of titles; guessed when absent.
    pub(super) title_column: Option<String>,
    /// Column of ids.
    pub(super) id_column: Option<String>,
    pub(super) title_bytes: usize,
    pub(super) most_rows: usize,
    /// Languages that a row may state.
    pub(super) languages: Vec<String>,
}

impl Reading {
    /// Reads a body.
    pub(super) fn read(&self, format: Format, bytes: &[u8]) -> Result<Rows, Problem> {
        match format {
            Format::Json => self.json(bytes),
            Format::Ndjson => self.ndjson(bytes),
            Format::Csv => self.csv(bytes),
        }
    }

    fn json(&self, bytes: &[u8]) -> Result<Rows, Problem> {
        let permitted = "a JSON array of texts or of objects with a title";
        let malformed = |error: serde_json::Error| Problem::new(Kind::Malformed, format!("the body is no JSON: {error}")).about("body").permitting(permitted);
        let Value::Array(values) = serde_json::from_slice(bytes).map_err(malformed)? else {
            return Err(Problem::wrong("body", "the body is no JSON array", permitted));
        };
        self.check_count(values.len())?;
        let mut rows = Rows::default();
        for value in values {
            self.push(&mut rows, Ok(value));
        }
        Ok(rows)
    }

    fn ndjson(&self, bytes: &[u8]) -> Result<Rows, Problem> {
        let mut rows = Rows::default();
        for line in bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).split(|byte| *byte == b'\n') {
            if line.trim_ascii().is_empty() {
                continue;
            }
            self.check_count(rows.rows.len() + 1)?;
            let value = serde_json::from_slice(line).map_err(|error| Problem::new(Kind::Malformed, format!("the line is no JSON: {error}")));
            self.push(&mut rows, value);
        }
        Ok(rows)
    }

    /// Adds a row that was a JSON value.
    fn push(&self, rows: &mut Rows, value: Result<Value, Problem>) {
        let number = rows.rows.len() + 1;
        let row = match value {
            Ok(Value::String(title)) => Row { id: number.into(), asked: self.asked(title, None), cells: Vec::new() },
            Ok(Value::Object(members)) => self.of_object(&mut rows.columns, number, members),
            Ok(other) => {
                let problem = Problem::wrong("title", format!("{} is neither a text nor an object", quoted(&other.to_string())), "a text, or an object with a title");
                Row { id: number.into(), asked: Err(problem), cells: Vec::new() }
            }
            Err(problem) => Row { id: number.into(), asked: Err(problem), cells: Vec::new() },
        };
        rows.rows.push(row);
    }

    fn of_object(&self, columns: &mut Vec<String>, number: usize, members: Map<String, Value>) -> Row {
        let title_name = self.title_column.as_deref().unwrap_or("title");
        let id = members.get(self.id_column.as_deref().unwrap_or("id")).filter(|id| !id.is_null()).cloned().unwrap_or(number.into());
        let asked = match (members.get(title_name), members.get("lang")) {
            (Some(Value::String(title)), None | Some(Value::Null)) => self.asked(title.clone(), None),
            (Some(Value::String(title)), Some(Value::String(lang))) => self.asked(title.clone(), Some(lang.clone())),
            (Some(Value::String(_)), Some(other)) => Err(Problem::wrong("lang", format!("{} is no text", quoted(&other.to_string())), "a text")),
            (None | Some(Value::Null), _) => Err(Problem::new(Kind::MissingParameter, "the row has no title").about(title_name).permitting("a text")),
            (Some(other), _) => Err(Problem::wrong(title_name, format!("{} is no text", quoted(&other.to_string())), "a text")),
        };
        for name in members.keys() {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        let mut cells = vec![Value::Null; columns.len()];
        for (name, value) in members {
            if let Some(place) = columns.iter().position(|column| *column == name) {
                cells[place] = value;
            }
        }
        Row { id, asked, cells }
    }

    fn csv(&self, bytes: &[u8]) -> Result<Rows, Problem> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let header = reader.byte_headers().map_err(|error| Problem::new(Kind::Malformed, format!("the body is no CSV: {error}")).about("body"))?.clone();
        let columns = header.iter().map(|cell| String::from_utf8(cell.to_vec())).collect::<Result<Vec<String>, _>>().map_err(|_| not_utf8())?;
        let title_place = self.title_place(&columns)?;
        let find = |name: &str| columns.iter().position(|column| column == name);
        let id_place = match &self.id_column {
            Some(name) => Some(find(name).ok_or_else(|| no_column("id_column", name, &columns))?),
            None => find("id"),
        };
        let lang_place = find("lang").filter(|place| *place != title_place);
        let mut rows = Rows::default();
        for record in reader.byte_records() {
            self.check_count(rows.rows.len() + 1)?;
            let number = rows.rows.len() + 1;
            let record = record.map_err(|error| Problem::new(Kind::Malformed, format!("the body is no CSV: {error}")).about("body"))?;
            let is_text = record.iter().all(|cell| std::str::from_utf8(cell).is_ok());
            let mut cells: Vec<String> = record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            let too_many = cells.len() > columns.len();
            cells.resize(columns.len(), String::new());
            let cell = |place: Option<usize>| place.map(|place| cells[place].clone()).filter(|cell| !cell.is_empty());
            let asked = if !is_text {
                Err(not_utf8())
            } else if too_many {
                Err(Problem::new(Kind::Malformed, format!("the row has {} cells, the header {}: quote cells that hold a comma", record.len(), columns.len())))
            } else {
                self.asked(cells[title_place].clone(), cell(lang_place))
            };
            let id = cell(id_place).map_or(Value::from(number), Value::from);
            rows.rows.push(Row { id, asked, cells: cells.into_iter().map(Value::from).collect() });
        }
        rows.columns = columns;
        Ok(rows)
    }

    fn title_place(&self, columns: &[String]) -> Result<usize, Problem> {
        match &self.title_column {
            Some(name) => columns.iter().position(|column| column == name).ok_or_else(|| no_column("title_column", name, columns)),
            None => guess_title_column(columns).ok_or_else(|| {
                let detail = "which column holds the titles? Name it with title_column";
                Problem::new(Kind::MissingParameter, detail).about("title_column").permitting(one_of(columns))
            }),
        }
    }

    fn asked(&self, title: String, lang: Option<String>) -> Result<Asked, Problem> {
        if title.len() > self.title_bytes {
            return Err(crate::server::params::too_long("title", title.len(), self.title_bytes));
        }
        let lang = lang.map(|lang| lang.to_lowercase());
        match &lang {
            Some(unknown) if !self.languages.is_empty() && !self.languages.contains(unknown) => {
                Err(Problem::out_of_range("lang", format!("the taxonomy has no language {}", quoted(unknown)), one_of(&self.languages)))
            }
            _ => Ok(Asked { title, lang }),
        }
    }

    fn check_count(&self, count: usize) -> Result<(), Problem> {
        let most = self.most_rows;
        if count <= most {
            return Ok(());
        }
        Err(Problem::new(Kind::TooLarge, format!("the batch has more than {most} rows: send them in several")).about("body").permitting(format!("at most {most} rows")))
    }
}

/// Columns that a problem names: enough to see which table it is.
const SHOWN_COLUMNS: usize = 20;

fn one_of(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN_COLUMNS).map(|name| quoted(name)).collect();
    match names.len() {
        0 => "a column of the header, which is empty".to_owned(),
        1..=SHOWN_COLUMNS => format!("one of {}", shown.join(", ")),
        all => format!("one of {} and {} more", shown.join(", "), all - SHOWN_COLUMNS),
    }
}

fn no_column(parameter: &str, name: &str, columns: &[String]) -> Problem {
    Problem::out_of_range(parameter, format!("there is no column {}", quoted(name)), one_of(columns))
}

fn not_utf8() -> Problem {
    Problem::new(Kind::Malformed, "the row is not UTF-8: save the table as UTF-8").about("body")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading() -> Reading {
        Reading { title_bytes: 20, most_rows: 5, languages: vec!["en".into()], ..Reading::default() }
    }

    /// (id, title or name of the problem) of each row.
    fn read(reading: &Reading, format: Format, text: &str) -> Vec<(Value, String)> {
        let rows = reading.read(format, text.as_bytes()).expect(text);
        rows.rows.iter().map(|row| (row.id.clone(), row.asked.as_ref().map_or_else(|problem| problem.kind.name().to_owned(), |asked| asked.title.clone()))).collect()
    }

    #[test]
    fn every_format_keeps_bad_rows_in_their_place() {
        let expected = |ids: [Value; 4], titles: [&str; 4]| -> Vec<(Value, String)> { ids.into_iter().zip(titles.map(str::to_owned)).collect() };
        let json = r#"["Cook", {"id":"a","title":"Baker"}, 7, {"id":9,"name":"x"}]"#;
        assert_eq!(
            read(&reading(), Format::Json, json),
            expected([1.into(), "a".into(), 3.into(), 9.into()], ["Cook", "Baker", "wrong-parameter", "missing-parameter"])
        );
        let ndjson = "\u{feff}\"Cook\"\r\n\n{\"title\":\"Baker\",\"lang\":\"xx\"}\n{\"title\":\n\"a title longer than twenty bytes\"";
        assert_eq!(
            read(&reading(), Format::Ndjson, ndjson),
            expected([1.into(), 2.into(), 3.into(), 4.into()], ["Cook", "out-of-range", "malformed", "out-of-range"])
        );
        let csv = "\u{feff}id,Job Title,lang\r\na,\"Cook, head\",en\r\nb,Baker\r\nc,Clerk,en,too many\r\n,,\r\n";
        assert_eq!(
            read(&reading(), Format::Csv, csv),
            expected(["a".into(), "b".into(), "c".into(), 4.into()], ["Cook, head", "Baker", "malformed", ""])
        );
    }

    #[test]
    fn whole_bodies_that_cannot_be_read_are_refused() {
        let kind = |format: Format, bytes: &[u8], reading: &Reading| reading.read(format, bytes).expect_err("refused").kind;
        assert_eq!(kind(Format::Json, b"{\"title\":\"x\"}", &reading()), Kind::WrongParameter);
        assert_eq!(kind(Format::Json, b"[1,", &reading()), Kind::Malformed);
        assert_eq!(kind(Format::Json, b"[1,2,3,4,5,6]", &reading()), Kind::TooLarge);
        assert_eq!(kind(Format::Ndjson, b"1\n2\n3\n4\n5\n6\n", &reading()), Kind::TooLarge);
        assert_eq!(kind(Format::Csv, b"a,b\n1,2\n", &reading()), Kind::MissingParameter);
        assert_eq!(kind(Format::Csv, b"title\n\xff\n\xff\n\xff\n\xff\n\xff\n\xff\n", &reading()), Kind::TooLarge);
        let named = Reading { title_column: Some("c".into()), ..reading() };
        assert_eq!(kind(Format::Csv, b"a,b\n1,2\n", &named), Kind::OutOfRange);
    }

    #[test]
    fn a_row_that_is_not_utf8_costs_itself_only() {
        let rows = reading().read(Format::Csv, b"title\nCook\nK\xf6chin\nBaker\n").expect("read");
        assert_eq!(rows.rows.iter().map(|row| row.asked.is_ok()).collect::<Vec<_>>(), [true, false, true]);
    }

    #[test]
    fn members_of_objects_become_columns() {
        let rows = reading().read(Format::Json, br#"[{"title":"a","x":1},"b",{"title":"c","y":2}]"#).expect("read");
        assert_eq!(rows.columns, ["title", "x", "y"]);
        assert_eq!(rows.rows[2].cells, [Value::from("c"), Value::Null, Value::from(2)]);
    }
}
