//! Finds the columns that hold titles, ids and languages.

use super::error::BatchError;

/// Names that a column of titles usually has, best first, in lower case with single underscores.
pub const TITLE_COLUMN_NAMES: [&str; 24] = [
    "title",
    "job_title",
    "jobtitle",
    "title_raw",
    "raw_title",
    "title_text",
    "position_title",
    "position",
    "job_name",
    "jobname",
    "job",
    "role",
    "role_title",
    "job_role",
    "occupation",
    "designation",
    "profession",
    "current_title",
    "vacancy_title",
    "posting_title",
    "stellenbezeichnung",
    "berufsbezeichnung",
    "beruf",
    "intitule",
];

/// Columns of an input by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) title: usize,
    pub(super) id: Option<usize>,
    pub(super) lang: Option<usize>,
}

/// Names of the columns asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wanted<'a> {
    pub(super) title: Option<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) lang: Option<&'a str>,
}

impl Columns {
    /// Finds the columns in a header.
    pub(super) fn find(file: &str, header: &[String], wanted: &Wanted<'_>) -> Result<Self, BatchError> {
        let find = |name: &str| {
            find_column(header, name).ok_or_else(|| BatchError::NoSuchColumn {
                file: file.to_owned(),
                wanted: name.to_owned(),
                columns: header.to_vec(),
            })
        };
        let title = match wanted.title {
            Some(name) => find(name)?,
            None => guess_title_column(header)
                .ok_or_else(|| BatchError::NoTitleColumn { file: file.to_owned(), columns: header.to_vec() })?,
        };
        Ok(Self { title, id: wanted.id.map(find).transpose()?, lang: wanted.lang.map(find).transpose()? })
    }
}

/// A column by its name, else by its name whatever the case, else by its number from 1.
fn find_column(header: &[String], name: &str) -> Option<usize> {
    let exact = header.iter().position(|column| column == name);
    let folded = || header.iter().position(|column| plain(column) == plain(name));
    let numbered = || name.parse::<usize>().ok().filter(|number| (1..=header.len()).contains(number)).map(|number| number - 1);
    exact.or_else(folded).or_else(numbered)
}

/// The column that holds titles: the best of the usual names, else the only column.
pub fn guess_title_column(header: &[String]) -> Option<usize> {
    let named = TITLE_COLUMN_NAMES.iter().find_map(|name| header.iter().position(|column| plain(column) == *name));
    named.or_else(|| (header.len() == 1).then_some(0))
}

/// A column's name in lower case with single underscores for all that is no letter or digit.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.trim().chars() {
        if letter.is_alphanumeric() {
            plain.extend(letter.to_lowercase());
        } else if !plain.ends_with('_') {
            plain.push('_');
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn guesses_the_titles() {
        let cases = [
            ("id,Job Title,city", Some(1)),
            ("position,title", Some(1)),
            ("ID,JOB-TITLE", Some(1)),
            ("whatever", Some(0)),
            ("id,name", None),
            ("employee_id,Role", Some(1)),
        ];
        for (names, expected) in cases {
            assert_eq!(guess_title_column(&header(names)), expected, "{names}");
        }
    }

    #[test]
    fn finds_by_name_case_and_number() {
        let columns = header("id,Job Title,2");
        assert_eq!(find_column(&columns, "Job Title"), Some(1));
        assert_eq!(find_column(&columns, "job_title"), Some(1));
        assert_eq!(find_column(&columns, "2"), Some(2));
        assert_eq!(find_column(&columns, "1"), Some(0));
        assert_eq!(find_column(&columns, "9"), None);
    }
}
