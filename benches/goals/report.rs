//! Turns what was measured into a table that says of each goal whether it is met, and into a record of the run.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// What one goal came to.
#[derive(Debug)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) goal: &'static str,
    /// On what.
    pub(crate) on: String,
    /// The figures behind it, in words.
    pub(crate) figures: String,
    /// The figure that the goal bounds.
    pub(crate) value: f64,
    /// Unit of the value and the bound, `×` for a ratio.
    pub(crate) unit: &'static str,
    /// The bound; `None` where a figure is only reported.
    pub(crate) bound: Option<Bound>,
}

/// What a value must not pass.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// All rows of a run, and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    skipped: Vec<String>,
}

impl Report {
    /// Adds what a goal came to.
    pub(crate) fn add(&mut self, row: Row) {
        eprintln!("  {}, {}: {:.3} {} ({})", row.goal, row.on, row.value, row.unit, row.figures);
        self.rows.push(row);
    }

    /// Says loudly what is not measured, and why.
    pub(crate) fn skip(&mut self, what: impl Into<String>) {
        let what = what.into();
        eprintln!("SKIPPED: {what}");
        self.skipped.push(what);
    }

    /// The table.
    pub(crate) fn markdown(&self, arguments: &[String]) -> String {
        let mut text = String::new();
        let mut line = |written: String| {
            text.push_str(&written);
            text.push('\n');
        };
        line(format!("command: `cargo bench --profile {} --bench goals -- {}`  ", profile(), arguments.join(" ")));
        line(format!("commit: {}  ", output("git", &["describe", "--always", "--dirty"])));
        line(format!("date: {}  ", date()));
        line(format!("machine: {}  ", machine()));
        line(String::new());
        line("| goal | on | figures | value | bound | |".to_owned());
        line("|---|---|---|---|---|---|".to_owned());
        for row in &self.rows {
            let (bound, met) = match row.bound {
                None => ("–".to_owned(), "reported"),
                Some(Bound::AtMost(most)) => (format!("≤ {most} {}", row.unit), if row.value <= most { "met" } else { "**missed**" }),
                Some(Bound::AtLeast(least)) => (format!("≥ {least} {}", row.unit), if row.value >= least { "met" } else { "**missed**" }),
            };
            line(format!("| {} | {} | {} | {:.3} {} | {bound} | {met} |", row.goal, row.on, row.figures, row.value, row.unit));
        }
        for skipped in &self.skipped {
            line(String::new());
            line(format!("SKIPPED: {skipped}"));
        }
        text
    }

    /// Writes the table under `benches/runs/`.
    pub(crate) fn record(&self, arguments: &[String]) -> PathBuf {
        let commit = output("git", &["rev-parse", "--short", "HEAD"]);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/runs");
        let path = folder.join(format!("{}-{commit}.md", date()));
        let mut number = 2;
        let mut free = path.clone();
        while free.exists() {
            free = folder.join(format!("{}-{commit}-{number}.md", date()));
            number += 1;
        }
        std::fs::write(&free, self.markdown(arguments)).expect("benches/runs can be written");
        free
    }
}

/// The first line that a command prints; `unknown` when it cannot be run.
fn output(command: &str, arguments: &[&str]) -> String {
    let printed = Command::new(command).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let text = printed.map(|printed| String::from_utf8_lossy(&printed.stdout).trim().to_owned()).unwrap_or_default();
    if text.is_empty() { "unknown".to_owned() } else { text }
}

/// The profile that this was built with, as its folder under `target/` tells.
fn profile() -> String {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(Path::parent).and_then(Path::parent).and_then(Path::file_name);
    folder.map_or_else(|| "unknown".to_owned(), |folder| folder.to_string_lossy().into_owned())
}

fn machine() -> String {
    let mut text = format!("{} processors", std::thread::available_parallelism().map_or(1, usize::from));
    let facts = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    if let Some(model) = facts.lines().find_map(|line| line.strip_prefix("model name")) {
        let _ = write!(text, ", {}", model.trim_start_matches([' ', '\t', ':']));
    }
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    if let Some(load) = load.split(' ').nth(1) {
        let _ = write!(text, ", {load} other and own tasks running on average over five minutes");
    }
    text
}

/// Today's date in UTC.
fn date() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    // Civil date from days, after Hinnant: years begin in March, so the leap day comes last.
    let days = (seconds / 86_400) as i64 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    format!("{:04}-{month:02}-{date:02}", era * 400 + year + i64::from(month <= 2))
}
