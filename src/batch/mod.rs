//! Turns a list of titles into a list of answers: files of any size, in order, each distinct title answered once.
//!
//! ```text
//! files ─ encoding ─▶ text ─ records ─▶ input rows ─ answers ─▶ render ─ output ─▶ file
//! ```
//!
//! A **row** is what one title stands in: a CSV record, a JSON line, a line of text. Every row that comes in goes out, in the
//! same place, with all its columns; a row that cannot be read is a **bad row** and goes out with an error instead of an
//! answer. The output does not depend on the number of threads, on the size of chunks or on an interruption.

mod answers;
mod cells;
mod columns;
mod encoding;
mod error;
mod input;
mod json_members;
mod output;
#[cfg(feature = "parquet")]
mod parquet_files;
#[cfg(not(feature = "parquet"))]
#[path = "without_parquet.rs"]
mod parquet_files;
mod records;
mod render;
mod resume;
mod review;
mod run;
#[cfg(test)]
mod tests;
#[cfg(all(test, feature = "parquet"))]
mod tests_parquet;

pub use answers::answer_all;
pub use cells::{ANSWER_COLUMNS, ERROR_COLUMN, answer_cells};
pub use columns::{TITLE_COLUMN_NAMES, guess_title_column};
pub use encoding::TextEncoding;
pub use error::BatchError;
pub use input::{InputFormat, InputSettings, STDIN, read_titles};
pub use output::Target;
pub use render::OutputFormat;
pub use run::{BadRow, Batch, Progress, Summary, run};
