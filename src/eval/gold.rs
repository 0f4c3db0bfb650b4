//! Turns a list of one's own, titles with their codes, into questions.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::table::{self, Table};
use super::{EvalError, Question, Questions};

/// Which columns of a gold list hold what.
#[derive(Debug, Clone, Default)]
pub struct GoldColumns {
    /// Column of the title; `title`, `text`, `query` or `input` when `None`.
    pub title: Option<String>,
    /// Column of the code; `code` when `None`. Further columns whose name begins with it hold further right codes.
    pub code: Option<String>,
    /// Whether no title has a right code, so that there is no column of codes.
    pub none_right: bool,
}

/// Reads a gold list (`.csv` by commas, else by tabs). Several right codes stand in one cell, parted by `|`, in further
/// columns, or in further rows of the same title.
///
/// # Errors
/// When the file cannot be read or lacks a column.
pub fn gold(path: &Path, columns: &GoldColumns) -> Result<Questions, EvalError> {
    let table = table::read(path)?;
    let one = |given: &Option<String>, usual: &[&str]| match given {
        Some(name) => table.column(path, &[name.as_str()]),
        None => table.column(path, usual),
    };
    let title = one(&columns.title, &["title", "text", "query", "input", "job_title"])?;
    let codes: Vec<usize> = if columns.none_right {
        Vec::new()
    } else {
        let code = one(&columns.code, &["code", "role", "gold", "codes"])?;
        let stem = table.header[code].to_lowercase();
        (0..table.header.len()).filter(|at| *at == code || table.header[*at].to_lowercase().starts_with(&stem)).collect()
    };
    let mut place_of: FxHashMap<String, usize> = FxHashMap::default();
    let mut list: Vec<Question> = Vec::new();
    for (line, row) in &table.rows {
        let text = Table::cell(row, title);
        let place = *place_of.entry(text.to_owned()).or_insert_with(|| {
            list.push(Question { id: line.to_string(), text: text.to_owned(), right: Vec::new() });
            list.len() - 1
        });
        for cell in codes.iter().flat_map(|at| Table::cell(row, *at).split('|')).map(str::trim).filter(|cell| !cell.is_empty()) {
            if !list[place].right.iter().any(|known| known == cell) {
                list[place].right.push(cell.to_owned());
            }
        }
    }
    if list.is_empty() {
        return Err(EvalError::NothingToAsk(format!("{} holds no rows: write one title with its code a row", path.display())));
    }
    let name = path.file_stem().map_or_else(|| "gold".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(Questions { name, list })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_cells_columns_and_rows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("mine.csv");
        std::fs::write(&path, "\u{feff}Title,Code,code 2,note\n\"Cook, Head\",A|B,C,x\nWelder,D,,\n\"Cook, Head\",E,,\n").expect("written");
        let questions = gold(&path, &GoldColumns::default()).expect("well-formed");
        assert_eq!(questions.name, "mine");
        let rows: Vec<(&str, String)> = questions.list.iter().map(|question| (question.text.as_str(), question.right.join(" "))).collect();
        assert_eq!(rows, [("Cook, Head", "A B C E".to_owned()), ("Welder", "D".to_owned())]);
    }

    #[test]
    fn a_missing_column_is_named_with_those_there_are() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("mine.tsv");
        std::fs::write(&path, "job\tsoc\nWelder\t1\n").expect("written");
        let error = gold(&path, &GoldColumns { title: Some("job".into()), code: None, none_right: false }).expect_err("no code").to_string();
        assert!(error.contains("\"code\"") && error.contains("soc"), "{error}");
        assert!(gold(&path, &GoldColumns { title: Some("job".into()), code: Some("soc".into()), none_right: false }).is_ok());
    }
}
