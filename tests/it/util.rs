//! A work directory for each test, and the program run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The repository's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A temporary directory that the program runs in.
pub(crate) struct WorkDir(tempfile::TempDir);

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl WorkDir {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory can be made"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        std::fs::write(self.path(name), content).expect("the directory can be written");
        self.path(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program with arguments, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        // Whatever the developer's shell says, tests run the same.
        for variable in ["ROLECALL_INDEX", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        finished(self.command(arguments))
    }

    /// Runs the program with something on stdin.
    pub(crate) fn run_with(&self, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut pipe = child.stdin.take().expect("stdin is a pipe");
        let input = stdin.as_ref().to_vec();
        // The program may end before it has read everything.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("writing does not panic");
        Ran::of(output)
    }
}

fn finished(mut command: Command) -> Ran {
    Ran::of(command.output().expect("the program starts"))
}

impl Ran {
    fn of(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Checks the exit code and hands the run on.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        self
    }

    /// Checks that stderr says something.
    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "stderr lacks {part:?}: {}", self.stderr);
        self
    }

    /// Stdout as JSON lines.
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
    }
}

/// An index of the tiny taxonomy in `tests/corpus`, built once by the program itself.
pub(crate) fn tiny_index() -> &'static str {
    static INDEX: OnceLock<(WorkDir, String)> = OnceLock::new();
    let (_, path) = INDEX.get_or_init(|| {
        let work = WorkDir::new();
        let path = work.path("tiny").display().to_string();
        let taxonomy = root().join("tests/corpus").display().to_string();
        work.run(&["index", &taxonomy, "-o", &path, "--no-learning", "--no-auxiliary"]).exits(0);
        (work, path)
    });
    path
}

/// Rows of a CSV as lists of cells, the header included.
pub(crate) fn table(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("all rows are as wide").iter().map(str::to_owned).collect()).collect()
}
