//! `/v1/feedback`: appends what people decided about titles to a file, and turns that file into candidates for overrides.
//!
//! Nothing is learnt from it: a person exports the file, reads the candidates and lays them over the index as overrides.
//! Each row is one line of JSON, on the disk before it is confirmed. A line that a crash cut off is left where it is; the
//! next one starts anew, and readers skip what they cannot read.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::body;
use super::config::ConfigError;
use super::front::Current;
use super::params::{Params, quoted, too_long};
use super::problem::{Kind, Problem, ProblemBody};
use super::records::MAX_CODE_BYTES;
use super::state::App;
use crate::engine::Override;

/// Longest note.
const MAX_NOTE_BYTES: usize = 1_000;

/// An open file of feedback.
#[derive(Debug)]
pub(super) struct Feedback {
    path: PathBuf,
    file: Mutex<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// Whether the last line may be cut off.
    torn: bool,
}

/// What somebody decided about a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    /// The answer was right.
    Accept,
    /// Another role is right.
    Correct,
    /// No role is right.
    Reject,
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    at: u64,
    index: String,
    title: String,
    verdict: Verdict,
    #[serde(default)]
    code: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    note: String,
}

/// What somebody decided about a title.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `Row::read` reads")]
pub(super) struct FeedbackRequest {
    /// The title that was answered.
    title: String,
    /// What was decided.
    verdict: Verdict,
    /// Code of the right role; left out for a reject.
    #[schema(max_length = 200)]
    code: Option<String>,
    /// Who decided.
    #[schema(max_length = 1000)]
    by: Option<String>,
    /// Why.
    #[schema(max_length = 1000)]
    note: Option<String>,
}

/// Feedback that was written.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FeedbackWritten {
    /// When, in seconds since 1970.
    at: u64,
    /// The index that the title was answered from.
    index: String,
}

impl Feedback {
    /// Opens a file for appending, or makes it.
    pub(super) fn open(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |error: std::io::Error| ConfigError::Feedback { path: path.to_owned(), reason: error.to_string() };
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path).map_err(wrong)?;
        let torn = ends_torn(&mut file).map_err(wrong)?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(Open { file, torn }) })
    }

    /// Appends a row; it is on the disk when this returns.
    fn append(&self, row: &Row) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(row).expect("a row is plain data");
        line.push(b'\n');
        let mut open = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if open.torn {
            line.insert(0, b'\n');
        }
        // Torn until proven whole: a failure in the middle leaves a part of the line behind.
        open.torn = true;
        open.file.write_all(&line)?;
        open.file.sync_data()?;
        open.torn = false;
        Ok(())
    }
}

/// Whether a file's last byte is not the end of a line.
fn ends_torn(file: &mut File) -> std::io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != [b'\n'])
}

impl Row {
    fn read(app: &App, generation: &super::generation::Generation, mut params: Params) -> Result<Self, Problem> {
        let title = params.required("title")?;
        let most = app.config.limits.title_bytes;
        if title.len() > most {
            return Err(too_long("title", title.len(), most));
        }
        let verdict = match params.required("verdict")?.as_str() {
            "accept" => Verdict::Accept,
            "correct" => Verdict::Correct,
            "reject" => Verdict::Reject,
            other => return Err(Problem::out_of_range("verdict", format!("{} is no verdict", quoted(other)), "accept, correct or reject")),
        };
        let code = params.short("code", MAX_CODE_BYTES)?;
        let code = match (verdict, code) {
            (Verdict::Reject, None) => String::new(),
            (Verdict::Reject, Some(_)) => return Err(Problem::out_of_range("code", "a reject names no role", "nothing when the verdict is reject")),
            (_, None) => return Err(Problem::new(Kind::MissingParameter, "name the right role").about("code").permitting("code of a role")),
            (_, Some(code)) => match generation.engine.index().find_role(&code) {
                Some(role_id) => generation.taxonomy().role(role_id).code.to_string(),
                None => return Err(Problem::out_of_range("code", format!("there is no role {}", quoted(&code)), "code of a role, see /v1/search")),
            },
        };
        let by = params.short("by", MAX_NOTE_BYTES)?.unwrap_or_default();
        let note = params.short("note", MAX_NOTE_BYTES)?.unwrap_or_default();
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok(Self { at, index: generation.fingerprint.clone(), title, verdict, code, by, note })
    }
}

/// Write down what somebody decided
///
/// Off unless the service was started with a file for it. Nothing is learnt from feedback; `rolecall overrides export` turns
/// the file into candidates for overrides.
#[utoipa::path(post, path = "/v1/feedback", tag = "operations", request_body = FeedbackRequest, responses(
    (status = 201, description = "Written, and on the disk", body = FeedbackWritten),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn feedback(State(app): State<App>, Current(generation): Current, request: Request) -> Result<Response, Problem> {
    if app.feedback.is_none() {
        return Err(Problem::new(Kind::FeedbackOff, "start the service with --feedback FILE to take feedback"));
    }
    let (parts, content) = request.into_parts();
    let known = &["title", "verdict", "code", "by", "note"];
    let params = body::json_params(&parts, content, app.config.limits.body_bytes, known).await?;
    let row = Row::read(&app, &generation, params)?;
    let written = FeedbackWritten { at: row.at, index: row.index.clone() };
    let writer = app.clone();
    let outcome = tokio::task::spawn_blocking(move || writer.feedback.as_ref().map_or(Ok(()), |feedback| feedback.append(&row))).await;
    match outcome {
        Ok(Ok(())) => {
            app.metrics.fed_back();
            Ok((StatusCode::CREATED, body::json(&written)).into_response())
        }
        Ok(Err(error)) => {
            let path = app.feedback.as_ref().map(|feedback| feedback.path.display().to_string()).unwrap_or_default();
            tracing::error!(%error, path, "feedback cannot be written");
            Err(Problem::new(Kind::Internal, "the feedback could not be written: see the log of the service"))
        }
        Err(_) => Err(Problem::new(Kind::Internal, "the feedback could not be written")),
    }
}

/// What a file of feedback amounts to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OverrideCandidates {
    /// One a title, in order of titles: the latest verdict with its line, and in the note how many agree and who gave it.
    pub decisions: Vec<(u64, Override)>,
    /// Titles whose latest verdict is that no role is right.
    pub rejected: Vec<String>,
    /// Lines that cannot be read.
    pub unreadable_lines: Vec<u64>,
}

/// Reads a file of feedback into candidates for overrides. Titles are the same when they differ in case and blanks only.
///
/// # Errors
/// When the file cannot be read.
pub fn override_candidates(path: &Path) -> std::io::Result<OverrideCandidates> {
    let bytes = std::fs::read(path)?;
    let mut by_title: BTreeMap<String, Vec<(u64, Row)>> = BTreeMap::new();
    let mut found = OverrideCandidates::default();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Row>(line) {
            Ok(row) => {
                let key = row.title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                by_title.entry(key).or_default().push((number, row));
            }
            Err(_) => found.unreadable_lines.push(number),
        }
    }
    for rows in by_title.into_values() {
        let Some((line, last)) = rows.last() else { continue };
        if last.verdict == Verdict::Reject {
            found.rejected.push(last.title.clone());
            continue;
        }
        let differing = rows.iter().filter(|(_, row)| row.code != last.code).count();
        let mut note = format!("feedback, {} of {} agree", rows.len() - differing, rows.len());
        for part in [&last.by, &last.note].into_iter().filter(|part| !part.is_empty()) {
            note.push_str("; ");
            note.push_str(part);
        }
        found.decisions.push((*line, Override { title: last.title.clone(), code: last.code.clone(), note }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str, verdict: Verdict, code: &str) -> Row {
        Row { at: 1, index: "f".into(), title: title.into(), verdict, code: code.into(), by: String::new(), note: String::new() }
    }

    #[test]
    fn a_torn_line_costs_itself_only() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("feedback.jsonl");
        let feedback = Feedback::open(&path).expect("writable");
        feedback.append(&row("Cook", Verdict::Accept, "A")).expect("writable");
        drop(feedback);
        let mut torn = std::fs::read(&path).expect("readable");
        torn.extend_from_slice(br#"{"at":1,"index":"f","tit"#);
        std::fs::write(&path, torn).expect("writable");
        let feedback = Feedback::open(&path).expect("writable");
        feedback.append(&row("Clerk", Verdict::Correct, "B")).expect("writable");
        let found = override_candidates(&path).expect("readable");
        let codes: Vec<(u64, &str)> = found.decisions.iter().map(|(line, decision)| (*line, decision.code.as_str())).collect();
        assert_eq!((codes, found.unreadable_lines), (vec![(3, "B"), (1, "A")], vec![2]));
    }

    #[test]
    fn the_latest_verdict_wins_and_dissent_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("feedback.jsonl");
        let feedback = Feedback::open(&path).expect("writable");
        for row in [row("Line  Cook", Verdict::Correct, "A"), row("line cook", Verdict::Accept, "B"), row("ghost", Verdict::Reject, "")] {
            feedback.append(&row).expect("writable");
        }
        let found = override_candidates(&path).expect("readable");
        assert_eq!(found.decisions, [(2, Override { title: "line cook".into(), code: "B".into(), note: "feedback, 1 of 2 agree".into() })]);
        assert_eq!(found.rejected, ["ghost"]);
    }
}
