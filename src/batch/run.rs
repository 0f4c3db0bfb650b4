//! Runs a batch: reads a chunk of rows, answers its distinct titles, writes its rows, notes how far it has come.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::answers::{Cache, PIECE, each};
use super::error::BatchError;
use super::input::{Form, Input, InputSettings, Row};
use super::output::{Output, Target};
use super::parquet_files::ParquetOutput;
use super::render::{CellStyle, OutputFormat, Renderer};
use super::resume::Identity;
use super::review::{Doubt, Review};
use crate::decide::Decision;
use crate::engine::{Engine, MatchOptions};

/// Rows answered together: enough for threads to share, few enough to be done in a moment.
const CHUNK_ROWS: usize = 4096;
/// Rows that a thread writes at a time.
const BLOCK_ROWS: usize = 256;
/// Text of a chunk at most, so that long rows do not add up.
const CHUNK_BYTES: usize = 8 << 20;
/// What is kept of answers: some 100,000 titles.
const CACHE_BYTES: usize = 96 << 20;
/// How often it is noted how far an output has come: work lost by a kill against the time that syncing takes.
const NOTE_EVERY: Duration = Duration::from_secs(2);
/// Bad rows described at most; all of them are counted and stand in the output.
const MAX_BAD_ROWS: usize = 20;

/// A list to be answered.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    /// What answers.
    pub engine: &'a Engine,
    /// What is asked beside the title; the language holds for rows that state none.
    pub options: MatchOptions,
    /// Files, `-` for stdin; at least one.
    pub files: Vec<PathBuf>,
    /// How they are read.
    pub input: InputSettings,
    /// Where the answers go.
    pub target: Target,
    /// What they are written as; as the input when `None`.
    pub format: Option<OutputFormat>,
    /// Whether cells are written so that spreadsheets neither run nor change them.
    pub spreadsheet: bool,
    /// Threads.
    pub jobs: usize,
    /// Where the table of doubtful titles goes.
    pub review: Option<PathBuf>,
    /// Whether an interrupted output is continued.
    pub resume: bool,
    /// Whatever else the answers follow from, such as the content of overrides: an interrupted output is continued only
    /// when it is the same.
    pub salt: String,
}

/// How far a batch has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows written, those of an earlier run included.
    pub rows: u64,
    /// Bytes read of all files.
    pub bytes_read: u64,
}

/// A row that could not be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Its file.
    pub file: String,
    /// Line on which it begins, from 1.
    pub line: u64,
    /// What is wrong.
    pub problem: String,
}

/// Rows by what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Accepted answers.
    pub accept: u64,
    /// Answers for a person to look at.
    pub review: u64,
    /// Rejected titles.
    pub reject: u64,
    /// Bad rows.
    pub bad: u64,
}

/// What a batch came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows by what became of them, those of an earlier run included.
    pub counts: Counts,
    /// Rows that an earlier run had written.
    pub resumed: u64,
    /// Titles answered in this run; the other rows repeat them.
    pub answered: u64,
    /// The first bad rows of this run.
    pub bad_rows: Vec<BadRow>,
    /// Entries in the table of doubtful titles.
    pub doubts: usize,
    /// Doubtful rows that the table had no room for.
    pub doubts_left_out: u64,
}

/// What is kept of an answer.
struct Answer {
    decision: Decision,
    tail: Vec<u8>,
    doubt: Option<Doubt>,
}

impl Answer {
    fn size(&self) -> usize {
        size_of::<Self>() + self.tail.len() + self.doubt.as_ref().map_or(0, Doubt::size)
    }
}

/// Answers a list; `on_progress` is told after every chunk and may stop the batch, which can then be resumed.
///
/// # Errors
/// [`BatchError`] says what stopped it; bad rows are no error but counted in the summary.
pub fn run(batch: &Batch<'_>, on_progress: &mut dyn FnMut(Progress) -> ControlFlow<()>) -> Result<Summary, BatchError> {
    let input = Input::open(&batch.files, &batch.input)?;
    let format = batch.format.unwrap_or(natural_format(input.shape.form, &batch.target));
    let renderer = Renderer::new(format, &input.shape, &batch.options.emit, batch.spreadsheet);
    renderer.check(&input.name(0))?;
    let mut parquet = match format {
        OutputFormat::Parquet if batch.resume => {
            let what = "a Parquet file that was interrupted cannot be continued".to_owned();
            return Err(BatchError::Unsupported { what, way_out: "run again without `--resume`, or write CSV or JSON lines" });
        }
        OutputFormat::Parquet => Some(ParquetOutput::new(&input.shape, &renderer.columns())?),
        _ => None,
    };
    let identity = match &batch.target {
        Target::File(_) if parquet.is_none() => Identity::of(&batch.files, &settings_text(batch))?,
        _ => Identity { inputs: None, settings: String::new() },
    };
    let (mut output, done) = Output::open(&batch.target, batch.resume, identity, &renderer.head())?;
    let style = CellStyle { delimiter: b',', spreadsheet: batch.spreadsheet };
    let mut run = Run {
        batch,
        input,
        renderer,
        cache: Cache::new(CACHE_BYTES),
        review: Review::default(),
        summary: Summary { resumed: done.rows, ..Summary::default() },
    };
    run.skip(done)?;
    let mut noted = Instant::now();
    loop {
        let rows = run.read_chunk(CHUNK_ROWS)?;
        if rows.is_empty() {
            break;
        }
        let answers = run.answers(&rows);
        let written = match &mut parquet {
            Some(parquet) => {
                let tails: Vec<Option<&[u8]>> = answers.iter().map(|answer| answer.as_ref().map(|answer| answer.tail.as_slice())).collect();
                parquet.write(&rows, &tails)?
            }
            None => run.rendered(&rows, &answers),
        };
        output.write(&written)?;
        run.count(&rows, &answers);
        let stop = on_progress(Progress { rows: run.summary.counts.rows, bytes_read: run.input.bytes_read() }).is_break();
        if stop || noted.elapsed() >= NOTE_EVERY {
            output.note(&run.summary.counts)?;
            noted = Instant::now();
        }
        if stop {
            return Err(BatchError::Stopped { rows: run.summary.counts.rows });
        }
    }
    if let Some(parquet) = parquet {
        output.write(&parquet.finish()?)?;
    }
    if let Some(path) = &batch.review {
        run.review.write(path, style)?;
    }
    output.finish()?;
    run.summary.doubts = run.review.len();
    run.summary.doubts_left_out = run.review.left_out;
    Ok(run.summary)
}

/// Everything that the bytes of the output follow from beside the input.
fn settings_text(batch: &Batch<'_>) -> String {
    let manifest = &batch.engine.index().manifest;
    format!(
        "{} {} {:?} {:?} {:?} {} {}",
        env!("CARGO_PKG_VERSION"),
        manifest.fingerprint,
        batch.options,
        batch.input,
        batch.format,
        batch.spreadsheet,
        batch.salt
    )
}

struct Run<'a> {
    batch: &'a Batch<'a>,
    input: Input,
    renderer: Renderer,
    cache: Cache<Answer>,
    review: Review,
    summary: Summary,
}

impl Run<'_> {
    /// Passes over the rows of an earlier run. The table of doubtful titles needs their answers again.
    fn skip(&mut self, done: Counts) -> Result<(), BatchError> {
        let mut left = done.rows;
        while left > 0 {
            let rows = self.read_chunk(CHUNK_ROWS.min(left as usize))?;
            if rows.is_empty() {
                break;
            }
            left -= rows.len() as u64;
            if self.batch.review.is_some() {
                let answers = self.answers(&rows);
                self.count(&rows, &answers);
            }
        }
        self.summary.counts = done;
        self.summary.bad_rows.clear();
        self.summary.answered = 0;
        Ok(())
    }

    fn read_chunk(&mut self, most: usize) -> Result<Vec<Row>, BatchError> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while rows.len() < most && bytes < CHUNK_BYTES {
            let Some(row) = self.input.next()? else { break };
            bytes += row.cells.as_slice().len() + row.json.as_ref().map_or(0, String::len);
            rows.push(row);
        }
        Ok(rows)
    }

    /// The title of a row and the language that it states.
    fn asked<'r>(&self, row: &'r Row) -> (&'r str, &'r str) {
        let columns = self.input.shape.columns;
        let cell = |column: usize| row.cells.get(column).unwrap_or_default();
        (cell(columns.title), columns.lang.map(cell).unwrap_or_default().trim())
    }

    /// The answer to each row, each distinct title answered once; `None` for a bad row.
    fn answers(&mut self, rows: &[Row]) -> Vec<Option<Arc<Answer>>> {
        let mut numbers: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        let mut distinct: Vec<((String, String), Option<Arc<Answer>>)> = Vec::new();
        let mut places: Vec<Option<usize>> = Vec::with_capacity(rows.len());
        for row in rows {
            if row.problem.is_some() {
                places.push(None);
                continue;
            }
            let asked = self.asked(row);
            let number = *numbers.entry(asked).or_insert_with(|| {
                let key = (asked.0.to_owned(), asked.1.to_owned());
                let known = self.cache.get(&key, Answer::size);
                distinct.push((key, known));
                distinct.len() - 1
            });
            places.push(Some(number));
        }
        let open: Vec<usize> = (0..distinct.len()).filter(|number| distinct[*number].1.is_none()).collect();
        self.summary.answered += open.len() as u64;
        let (batch, renderer) = (self.batch, &self.renderer);
        let found = each(&open, PIECE, batch.jobs, |number| Arc::new(answer(batch, renderer, &distinct[*number].0)));
        for (number, answer) in open.into_iter().zip(found) {
            let (key, known) = &mut distinct[number];
            self.cache.insert(key.clone(), answer.clone(), answer.size());
            *known = Some(answer);
        }
        places.into_iter().map(|place| place.and_then(|place| distinct[place].1.clone())).collect()
    }

    fn rendered(&self, rows: &[Row], answers: &[Option<Arc<Answer>>]) -> Vec<u8> {
        let numbered: Vec<usize> = (0..rows.len()).collect();
        // Rows are written in blocks, so that threads join few pieces.
        let blocks: Vec<&[usize]> = numbered.chunks(BLOCK_ROWS).collect();
        let renderer = &self.renderer;
        let written = each(&blocks, 1, self.batch.jobs, |block| {
            let mut bytes = Vec::new();
            for number in *block {
                let tail = answers[*number].as_ref().map(|answer| answer.tail.as_slice());
                renderer.push_row(&mut bytes, &rows[*number], tail);
            }
            bytes
        });
        written.concat()
    }

    fn count(&mut self, rows: &[Row], answers: &[Option<Arc<Answer>>]) {
        for (row, answer) in rows.iter().zip(answers) {
            let counts = &mut self.summary.counts;
            counts.rows += 1;
            match answer {
                Some(answer) => {
                    match answer.decision {
                        Decision::Accept => counts.accept += 1,
                        Decision::Review => counts.review += 1,
                        Decision::Reject => counts.reject += 1,
                    }
                    if let Some(doubt) = &answer.doubt {
                        self.review.add(doubt, row.number);
                    }
                }
                None => {
                    counts.bad += 1;
                    if self.summary.bad_rows.len() < MAX_BAD_ROWS {
                        let problem = row.problem.clone().unwrap_or_default();
                        self.summary.bad_rows.push(BadRow { file: self.input.name(row.file), line: row.line, problem });
                    }
                }
            }
        }
    }
}

/// Answers a title in a language, which may be empty.
fn answer(batch: &Batch<'_>, renderer: &Renderer, (title, lang): &(String, String)) -> Answer {
    let stated = (!lang.is_empty()).then(|| MatchOptions { lang: Some(lang.to_lowercase()), ..batch.options.clone() });
    let options = stated.as_ref().unwrap_or(&batch.options);
    let classification = batch.engine.classify(title, options);
    let doubt = batch.review.as_ref().and_then(|_| Doubt::of(batch.engine, &classification, options.lang.as_deref()));
    Answer { decision: classification.decision, tail: renderer.tail(&classification), doubt }
}

/// The format that suits an input when none is asked for: that of the input, CSV for plain lines and for Parquet on stdout,
/// where a person may be reading.
fn natural_format(form: Form, target: &Target) -> OutputFormat {
    match form {
        Form::Delimited(b'\t') => OutputFormat::Tsv,
        Form::Parquet if *target != Target::Stdout => OutputFormat::Parquet,
        Form::Delimited(_) | Form::Lines | Form::Parquet => OutputFormat::Csv,
        Form::Json => OutputFormat::Jsonl,
    }
}
