//! Turns Parquet files into rows, and rows with their answers into a Parquet file in which every column keeps its type.
//!
//! Files are read batch by batch and written row group by row group, so memory does not grow with them. A Parquet file has
//! its table of contents at the end: it is read from a file, not from a pipe, and cannot be continued once interrupted.

use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use csv::StringRecord;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::cells::ANSWER_COLUMNS;
use super::columns::Columns;
use super::error::BatchError;
use super::input::{Form, InputSettings, Row, STDIN, Shape, columns_of, name_of};
use super::render::unique;

/// Rows read at a time: as many as are answered together.
const BATCH_ROWS: usize = 4096;
/// Rows of a row group that is written: enough to compress well, few enough to wait for in memory.
const GROUP_ROWS: usize = 1 << 17;
/// What the file names its writer.
const CREATED_BY: &str = concat!("rolecall ", env!("CARGO_PKG_VERSION"));
/// Columns of the answer that hold numbers.
const NUMBERS: [&str; 2] = ["rolecall_confidence", "rolecall_group_confidence"];

/// A row in a batch of columns.
pub(super) type Place = (Arc<RecordBatch>, usize);
/// Names and types of columns.
pub(super) type Types = SchemaRef;

/// The rows of a Parquet file.
pub(super) struct ParquetInput {
    name: String,
    number: usize,
    shape: Shape,
    batches: ParquetRecordBatchReader,
    pending: VecDeque<Row>,
    row: u64,
    /// Bytes of the file for each row, for the progress bar.
    bytes_a_row: f64,
    bytes: Arc<AtomicU64>,
}

impl ParquetInput {
    /// Opens a file and finds its columns.
    pub(super) fn open(path: &Path, number: usize, settings: &InputSettings, bytes: &Arc<AtomicU64>) -> Result<Self, BatchError> {
        let name = name_of(path);
        if path == Path::new(STDIN) {
            let what = "Parquet cannot be read from stdin, as its table of contents stands at the end".to_owned();
            return Err(BatchError::Unsupported { what, way_out: "give the name of a file" });
        }
        let file = File::open(path).map_err(|error| BatchError::read(&name, &error))?;
        let length = file.metadata().map_err(|error| BatchError::read(&name, &error))?.len();
        let unsound = |error: ParquetError| unsound(&name, &error);
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unsound)?.with_batch_size(BATCH_ROWS);
        let rows = builder.metadata().file_metadata().num_rows();
        let types = builder.schema().clone();
        let header: Vec<String> = types.fields().iter().map(|field| field.name().clone()).collect();
        if header.is_empty() {
            return Err(BatchError::Empty { file: name });
        }
        let columns = columns_of(&name, &header, settings)?;
        check_text(&name, &types, &columns)?;
        let batches = builder.build().map_err(unsound)?;
        let shape = Shape { header, columns, form: Form::Parquet, types: Some(types) };
        let bytes_a_row = length as f64 / rows.max(1) as f64;
        Ok(Self { name, number, shape, batches, pending: VecDeque::new(), row: 0, bytes_a_row, bytes: bytes.clone() })
    }

    /// Names, types and columns.
    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The next row. Its line is its number in the file.
    pub(super) fn next(&mut self) -> Result<Option<Row>, BatchError> {
        while self.pending.is_empty() {
            let Some(batch) = self.batches.next() else { return Ok(None) };
            let batch = batch.map_err(|error| self.unsound(&error))?;
            self.bytes.fetch_add((batch.num_rows() as f64 * self.bytes_a_row) as u64, Ordering::Relaxed);
            self.read(Arc::new(batch))?;
        }
        Ok(self.pending.pop_front())
    }

    fn read(&mut self, batch: Arc<RecordBatch>) -> Result<(), BatchError> {
        let options = FormatOptions::default();
        let formatters: Result<Vec<ArrayFormatter<'_>>, ArrowError> =
            batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options)).collect();
        let formatters = formatters.map_err(|error| self.unsound(&error))?;
        for at in 0..batch.num_rows() {
            self.row += 1;
            let cells: StringRecord = formatters.iter().map(|formatter| formatter.value(at).to_string()).collect();
            let place = Some((batch.clone(), at));
            self.pending.push_back(Row { number: 0, file: self.number, line: self.row, cells, json: None, rest: String::new(), problem: None, place });
        }
        Ok(())
    }

    fn unsound(&self, error: &dyn std::error::Error) -> BatchError {
        unsound(&self.name, error)
    }
}

fn unsound(file: &str, error: &dyn std::error::Error) -> BatchError {
    BatchError::Unsound { file: file.to_owned(), reason: error.to_string() }
}

/// Titles and languages must be text.
fn check_text(file: &str, types: &Schema, columns: &Columns) -> Result<(), BatchError> {
    for column in [Some(columns.title), columns.lang].into_iter().flatten() {
        let field = types.field(column);
        if !is_text(field.data_type()) {
            return Err(BatchError::NoText { file: file.to_owned(), column: field.name().clone(), holds: field.data_type().to_string() });
        }
    }
    Ok(())
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// A Parquet file being written.
pub(super) struct ParquetOutput {
    writer: ArrowWriter<Vec<u8>>,
    schema: SchemaRef,
    /// Columns of the input.
    own: usize,
    has_rest: bool,
}

impl ParquetOutput {
    /// A file with the columns of the input and then those of the answer. Columns of an input without types are text.
    pub(super) fn new(shape: &Shape, answer: &[String]) -> Result<Self, BatchError> {
        let text = |name: &String| Arc::new(Field::new(name, DataType::Utf8, true));
        let mut fields: Vec<Arc<Field>> = match &shape.types {
            Some(types) => types.fields().iter().cloned().collect(),
            None => unique(&shape.header).iter().map(text).collect(),
        };
        let own = fields.len();
        fields.extend(answer.iter().map(|name| {
            if NUMBERS.contains(&name.as_str()) { Arc::new(Field::new(name, DataType::Float64, true)) } else { text(name) }
        }));
        let metadata = shape.types.as_ref().map(|types| types.metadata().clone()).unwrap_or_default();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by(CREATED_BY.to_owned())
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties)).map_err(|error| failed(&error))?;
        Ok(Self { writer, schema, own, has_rest: shape.form == Form::Json })
    }

    /// Takes rows with their answers; returns what is ready to be written.
    pub(super) fn write(&mut self, rows: &[Row], tails: &[Option<&[u8]>]) -> Result<Vec<u8>, BatchError> {
        let mut from = 0;
        // Rows of one batch follow each other in it.
        for group in rows.chunk_by(|left, right| same_batch(left, right)) {
            let to = from + group.len();
            let mut columns = self.own_columns(group);
            columns.extend(self.answer_columns(group, &tails[from..to]));
            from = to;
            let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(|error| failed(&error))?;
            self.writer.write(&batch).map_err(|error| failed(&error))?;
        }
        Ok(std::mem::take(self.writer.inner_mut()))
    }

    fn own_columns(&self, rows: &[Row]) -> Vec<ArrayRef> {
        match &rows[0].place {
            Some((batch, at)) => batch.slice(*at, rows.len()).columns().to_vec(),
            None => (0..self.own).map(|column| texts(rows.iter().map(|row| row.cells.get(column)))).collect(),
        }
    }

    fn answer_columns(&self, rows: &[Row], tails: &[Option<&[u8]>]) -> Vec<ArrayRef> {
        let cells = |tail: &Option<&[u8]>| -> Vec<String> { tail.and_then(|tail| postcard::from_bytes(tail).ok()).unwrap_or_default() };
        let answers: Vec<Vec<String>> = tails.iter().map(cells).collect();
        let mut columns: Vec<ArrayRef> = Vec::new();
        if self.has_rest {
            columns.push(filled(rows.iter().map(|row| Some(row.rest.as_str()))));
        }
        let width = self.schema.fields().len() - self.own - usize::from(self.has_rest) - 1;
        for column in 0..width {
            let column_cells = answers.iter().map(|cells| cells.get(column).map(String::as_str));
            if ANSWER_COLUMNS.get(column).is_some_and(|name| NUMBERS.contains(name)) {
                columns.push(Arc::new(Float64Array::from_iter(column_cells.map(|cell| cell.and_then(|cell| cell.parse::<f64>().ok())))));
            } else {
                columns.push(filled(column_cells));
            }
        }
        columns.push(filled(rows.iter().map(|row| row.problem.as_deref())));
        columns
    }

    /// Ends the file; returns what is left to be written.
    pub(super) fn finish(self) -> Result<Vec<u8>, BatchError> {
        self.writer.into_inner().map_err(|error| failed(&error))
    }
}

fn same_batch(left: &Row, right: &Row) -> bool {
    match (&left.place, &right.place) {
        (Some((left, _)), Some((right, _))) => Arc::ptr_eq(left, right),
        (None, None) => true,
        _ => false,
    }
}

fn texts<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(cells))
}

/// Texts of which an empty one is nothing.
fn filled<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    texts(cells.map(|cell| cell.filter(|cell| !cell.is_empty())))
}

fn failed(error: &dyn std::error::Error) -> BatchError {
    BatchError::Write { file: "the Parquet output".to_owned(), reason: error.to_string(), broken_pipe: false }
}
