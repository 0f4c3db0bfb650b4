//! Stands for `parquet_files` in a program built without the feature `parquet`: refuses, and says how to get one with it.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::error::BatchError;
use super::input::{InputSettings, Row, Shape, name_of};

const WAY_OUT: &str = "install it with `cargo install --path . --features parquet`, or use CSV or JSON lines";

/// No row stands in a Parquet file.
pub(super) type Place = Infallible;
/// No file has typed columns.
pub(super) type Types = Infallible;

/// A Parquet file that cannot be opened.
pub(super) struct ParquetInput(Infallible);

impl ParquetInput {
    /// Refuses.
    pub(super) fn open(path: &Path, _: usize, _: &InputSettings, _: &Arc<AtomicU64>) -> Result<Self, BatchError> {
        let what = format!("{} is a Parquet file, and this program was built without Parquet", name_of(path));
        Err(BatchError::Unsupported { what, way_out: WAY_OUT })
    }

    pub(super) fn next(&mut self) -> Result<Option<Row>, BatchError> {
        match self.0 {}
    }

    pub(super) fn shape(&self) -> &Shape {
        match self.0 {}
    }
}

/// A Parquet file that cannot be written.
pub(super) struct ParquetOutput(Infallible);

impl ParquetOutput {
    /// Refuses.
    pub(super) fn new(_: &Shape, _: &[String]) -> Result<Self, BatchError> {
        Err(BatchError::Unsupported { what: "this program was built without Parquet".to_owned(), way_out: WAY_OUT })
    }

    pub(super) fn write(&mut self, _: &[Row], _: &[Option<&[u8]>]) -> Result<Vec<u8>, BatchError> {
        match self.0 {}
    }

    pub(super) fn finish(self) -> Result<Vec<u8>, BatchError> {
        match self.0 {}
    }
}
