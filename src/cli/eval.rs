//! `rolecall eval`: turns labelled tasks, gold lists or taxonomies into a report of how well an index answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use rolecall::build::{BuildOptions, Step};
use rolecall::engine::Engine;
use rolecall::eval::report::Report;
use rolecall::eval::{self, EvalError, Floors, GoldColumns, IndexFacts, Questions, Run, RunOptions, Scheme, SmallOptions, TaskOptions, ViaOptions};
use rolecall::taxonomy::Taxonomy;
use rolecall::{canon, corpus};

use super::args::EngineArgs;
use super::exit::{Failure, Outcome};
use super::settings;

/// Differences of figures since an earlier report that are shown.
const SHOWN_CHANGE: f64 = 0.0005;

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// Task folders (labels.tsv, queries.tsv, gold.tsv), gold lists (CSV or TSV with title and code), or taxonomies
    #[arg(value_name = "WHAT")]
    what: Vec<PathBuf>,
    /// Hide this share of a taxonomy's aliases, index the rest and ask what was hidden
    #[arg(long, value_name = "SHARE", help_heading = "Questions")]
    leave_out: Option<f32>,
    /// Hide this share of a taxonomy's roles and ask their names, none of which should be accepted
    #[arg(long, value_name = "SHARE", help_heading = "Questions")]
    hide_roles: Option<f32>,
    /// Ask this many names that the index has, as they stand and with --typos and --noise
    #[arg(long, value_name = "N", help_heading = "Questions")]
    known: Option<usize>,
    /// Build small taxonomies, as in 200x3: 200 codes of 3 aliases each; the other aliases are asked
    #[arg(long, value_name = "CODESxALIASES", value_parser = small_size, help_heading = "Questions")]
    small: Option<(usize, usize)>,
    /// How many small taxonomies
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Questions")]
    small_seeds: u64,
    /// Ask every title wrapped in vacancy noise too
    #[arg(long, help_heading = "Questions")]
    noise: bool,
    /// Ask every title misspelt too
    #[arg(long, help_heading = "Questions")]
    typos: bool,
    /// Titles of a gold list have no right code: report the share accepted
    #[arg(long, help_heading = "Questions")]
    none_right: bool,
    /// Titles of a gold list need no code: report the share that gets a family
    #[arg(long, conflicts_with = "none_right", help_heading = "Questions")]
    families: bool,
    /// Ask at most so many titles of each list, drawn evenly
    #[arg(long, value_name = "N", help_heading = "Questions")]
    most: Option<usize>,
    /// Score by codes of another scheme that roles are mapped to: soc, isco or esco; needs --titles
    #[arg(long, value_name = "SCHEME", requires = "titles", help_heading = "Questions")]
    via: Option<String>,
    /// Titles with codes of that scheme (CSV or TSV)
    #[arg(long, value_name = "FILE", requires = "via", help_heading = "Questions")]
    titles: Option<PathBuf>,
    /// Column of the title in gold lists and --titles
    #[arg(long, value_name = "NAME", help_heading = "Questions")]
    title_col: Option<String>,
    /// Column of the code in gold lists and --titles
    #[arg(long, value_name = "NAME", help_heading = "Questions")]
    code_col: Option<String>,

    /// Further taxonomies to learn from, beside Canon: with the task's codes they add names, else they train beside it
    #[arg(long, value_name = "TAXONOMY", num_args = 1.., help_heading = "Building")]
    auxiliary: Vec<PathBuf>,
    /// Do not learn from the built-in Canon
    #[arg(long, help_heading = "Building")]
    no_auxiliary: bool,
    /// Taxonomy with texts (summaries, tasks) for a task's codes
    #[arg(long, value_name = "TAXONOMY", help_heading = "Building")]
    task_taxonomy: Option<PathBuf>,
    /// Learn nothing
    #[arg(long, help_heading = "Building")]
    no_learning: bool,
    /// Keep the index built here
    #[arg(long, value_name = "DIR", help_heading = "Building")]
    keep: Option<PathBuf>,
    /// Seed of hiding, noise, typos, training and resampling
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Building")]
    seed: u64,

    /// Form of the report
    #[arg(long, value_enum, default_value_t = Form::Md, help_heading = "Report")]
    report: Form,
    /// File to write the report to [default: stdout]
    #[arg(long, short = 'o', value_name = "FILE", help_heading = "Report")]
    output: Option<PathBuf>,
    /// Earlier report in JSON whose figures are compared
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    baseline: Option<PathBuf>,
    /// Floors in TOML; a figure below its floor ends in exit code 1
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    floors: Option<PathBuf>,
    /// List this many wrong answers of each run
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Report")]
    misses: usize,
    /// Titles that are inverted, shouted, wrapped and misspelt to see whether the answer stays
    #[arg(long, value_name = "N", default_value_t = 1_000, help_heading = "Report")]
    changes: usize,
    /// Precision that accepted answers aim at, from 0.5 to 0.99
    #[arg(long, value_name = "P", default_value_t = rolecall::engine::DEFAULT_ACCEPT_PRECISION, help_heading = "Report")]
    accept_precision: f32,
    /// Do not ask plain methods (BM25, letters, Jaro-Winkler)
    #[arg(long, help_heading = "Report")]
    no_plain_methods: bool,
    /// Do not time answers
    #[arg(long, help_heading = "Report")]
    no_times: bool,

    #[command(flatten)]
    engine: EngineArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Markdown
    Md,
    /// A page with pictures
    Html,
    /// For programs, and for --baseline
    Json,
}

fn small_size(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('x').and_then(|(codes, aliases)| Some((codes.parse().ok()?, aliases.parse().ok()?)));
    parts.ok_or_else(|| format!("{text:?} is no size: write codes and aliases as in 200x3"))
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Self {
        match error {
            EvalError::Io { .. } => Self::io(error.to_string()),
            EvalError::Index(error) => error.into(),
            EvalError::Form { .. } | EvalError::NothingToAsk(_) => Self::input(error.to_string()),
        }
    }
}

pub(crate) fn run(args: EvalArgs) -> Result<Outcome, Failure> {
    settings::check_accept_precision(args.accept_precision)?;
    let floors = args.floors.as_deref().map(Floors::load).transpose()?;
    let mut evaluation = Evaluation { args: &args, runs: Vec::new() };
    if let (Some(scheme), Some(titles)) = (&args.via, &args.titles) {
        evaluation.through_mappings(scheme, titles)?;
    }
    for what in &args.what {
        evaluation.one(what)?;
    }
    if args.what.is_empty() && args.via.is_none() {
        evaluation.known_names()?;
    }
    let command = std::env::args().skip(1).fold("rolecall".to_owned(), |command, word| format!("{command} {word}"));
    let report = Report::new(command, evaluation.runs);
    write(&args, &report)?;
    if let Some(path) = &args.baseline {
        for change in report.since(path)?.iter().filter(|change| (change.now - change.before).abs() >= SHOWN_CHANGE) {
            eprintln!("{}: {} {:.4} → {:.4} ({:+.4})", change.run, change.figure, change.before, change.now, change.now - change.before);
        }
    }
    let falls = floors.map(|floors| floors.check(&report)).unwrap_or_default();
    falls.iter().for_each(|fall| eprintln!("{fall}"));
    Ok(if falls.is_empty() { Outcome::Done } else { Outcome::Nothing })
}

fn write(args: &EvalArgs, report: &Report) -> Result<(), Failure> {
    let text = match args.report {
        Form::Md => report.to_markdown(),
        Form::Html => report.to_html(),
        Form::Json => report.to_json(),
    };
    match &args.output {
        Some(path) => std::fs::write(path, text).map_err(|error| Failure::io(format!("{}: {error}: check the path", path.display()))),
        None => Ok(std::io::Write::write_all(&mut std::io::stdout().lock(), text.as_bytes())?),
    }
}

/// The runs so far.
struct Evaluation<'a> {
    args: &'a EvalArgs,
    runs: Vec<Run>,
}

impl Evaluation<'_> {
    fn options(&self) -> RunOptions {
        RunOptions {
            baselines: !self.args.no_plain_methods,
            changes: self.args.changes,
            speed: !self.args.no_times,
            misses: self.args.misses,
            seed: self.args.seed,
            accept_precision: self.args.accept_precision,
        }
    }

    fn one(&mut self, what: &Path) -> Result<(), Failure> {
        let args = self.args;
        if what.join("queries.tsv").is_file() {
            return self.task(what);
        }
        if args.leave_out.is_none() && args.hide_roles.is_none() && args.small.is_none() && args.known.is_none() {
            return self.gold(what);
        }
        let mut taxonomy = corpus::load(what)?.taxonomy;
        if let Some(share) = args.leave_out {
            let (left, questions) = eval::hidden_names(&taxonomy, share, args.seed);
            let (engine, facts) = self.engine(left)?;
            self.ask(&engine, &facts, &questions)?;
            self.ask_known(&engine, &facts)?;
        } else if args.known.is_some() {
            let (engine, facts) = self.engine(taxonomy.clone())?;
            self.ask_known(&engine, &facts)?;
        }
        if let Some(share) = args.hide_roles {
            let (left, questions) = eval::hidden_roles(&taxonomy, share, args.seed);
            let (engine, facts) = self.build(left)?;
            self.ask(&engine, &facts, &questions)?;
        }
        if let Some((codes, aliases)) = args.small {
            let options = SmallOptions { codes, aliases, seeds: args.small_seeds, accept_precision: args.accept_precision };
            let (heads, build) = self.heads(&mut taxonomy)?;
            self.runs.push(eval::small(&taxonomy, &heads, options, &build, &|seed| eprintln!("small taxonomy {}", seed + 1))?);
        }
        Ok(())
    }

    fn task(&mut self, folder: &Path) -> Result<(), Failure> {
        let texts = self.args.task_taxonomy.as_deref().map(corpus::load).transpose()?;
        let task = eval::task(folder, TaskOptions { texts: texts.as_ref().map(|loaded| &loaded.taxonomy) })?;
        let (engine, facts) = self.engine(task.taxonomy)?;
        self.ask(&engine, &facts, &task.questions)
    }

    fn gold(&mut self, file: &Path) -> Result<(), Failure> {
        let columns = GoldColumns { title: self.args.title_col.clone(), code: self.args.code_col.clone(), none_right: self.args.none_right || self.args.families };
        let questions = eval::gold(file, &columns)?;
        let engine = settings::own_engine(&self.args.engine)?;
        if self.args.families {
            let families = Some(eval::families(&engine, &questions));
            self.runs.push(Run { name: questions.name.clone(), index: IndexFacts::of(engine.index()), families, ..Run::default() });
            return Ok(());
        }
        let unknown = questions.list.iter().flat_map(|question| &question.right).filter(|code| !is_known(&engine, code)).count();
        if unknown > 0 {
            eprintln!("rolecall: {unknown} codes of {} are not in the index; their titles count as wrong", file.display());
        }
        self.ask(&engine, &IndexFacts::of(engine.index()), &questions)
    }

    fn known_names(&mut self) -> Result<(), Failure> {
        if self.args.known.is_none() {
            return Err(Failure::usage("there is nothing to ask: give a task folder, a gold list or a taxonomy, --known or --via"));
        }
        let engine = settings::own_engine(&self.args.engine)?;
        self.ask_known(&engine, &IndexFacts::of(engine.index()))
    }

    fn through_mappings(&mut self, scheme: &str, titles: &Path) -> Result<(), Failure> {
        let scheme_name = scheme.to_lowercase();
        let scheme = Scheme::parse(&scheme_name).ok_or_else(|| Failure::usage(format!("{scheme:?} is no scheme to score by: give soc, isco or esco")))?;
        let title_col = self.args.title_col.as_deref().unwrap_or("title");
        let code_col = self.args.code_col.as_deref().unwrap_or("code");
        let engine = settings::own_engine(&self.args.engine)?;
        let mut via = eval::via(&engine, ViaOptions { scheme, titles, title_col, code_col, accept_precision: self.args.accept_precision })?;
        via.misses.truncate(self.args.misses);
        via.levels.iter_mut().for_each(|levels| levels.misses.truncate(self.args.misses));
        let name = format!("{}:via-{scheme_name}", engine.index().taxonomy.manifest.name);
        self.runs.push(Run { name, index: IndexFacts::of(engine.index()), via: Some(via), ..Run::default() });
        Ok(())
    }

    /// Asks a list, in noise and misspelt as well when that was wanted.
    fn ask(&mut self, engine: &Engine, facts: &IndexFacts, questions: &Questions) -> Result<(), Failure> {
        let questions = self.args.most.map_or_else(|| questions.clone(), |most| questions.sample(most, self.args.seed));
        self.push(engine, facts, &questions, self.options())?;
        // How answers stand changes is asked once, of the titles as they are.
        let options = RunOptions { changes: 0, ..self.options() };
        if self.args.noise {
            self.push(engine, facts, &questions.in_noise(self.args.seed), options)?;
        }
        if self.args.typos {
            self.push(engine, facts, &questions.misspelt(self.args.seed), options)?;
        }
        Ok(())
    }

    fn ask_known(&mut self, engine: &Engine, facts: &IndexFacts) -> Result<(), Failure> {
        match self.args.known {
            Some(most) => self.ask(engine, facts, &eval::indexed_names(engine, most, self.args.seed)),
            None => Ok(()),
        }
    }

    fn push(&mut self, engine: &Engine, facts: &IndexFacts, questions: &Questions, options: RunOptions) -> Result<(), Failure> {
        let run = eval::run(engine, facts, questions, options)?;
        let figures = run.figures();
        let shown: Vec<String> = ["accuracy", "recall_10", "mrr", "accepted", "accepted_precision", "accepted_without_right"]
            .iter()
            .filter_map(|name| figures.get(*name).map(|value| format!("{name} {value:.3}")))
            .collect();
        eprintln!("{}: {}", run.name, shown.join(", "));
        self.runs.push(run);
        Ok(())
    }

    /// The index given, or one built of a taxonomy.
    fn engine(&self, taxonomy: Taxonomy) -> Result<(Engine, IndexFacts), Failure> {
        if self.args.engine.index.is_some() {
            let engine = settings::own_engine(&self.args.engine)?;
            let facts = IndexFacts::of(engine.index());
            return Ok((engine, facts));
        }
        self.build(taxonomy)
    }

    fn build(&self, mut taxonomy: Taxonomy) -> Result<(Engine, IndexFacts), Failure> {
        let (heads, options) = self.heads(&mut taxonomy)?;
        let name = taxonomy.manifest.name.clone();
        let show = move |step: Step| match step {
            Step::Training { model: 0, epoch, epochs, loss } => eprintln!("{name}: round {epoch} of {epochs}, loss {loss:.3}"),
            Step::Fitting => eprintln!("{name}: fitting"),
            Step::Tables | Step::Training { .. } => {}
        };
        Ok(eval::build_engine(taxonomy, &heads, &options, self.args.keep.as_deref(), &show)?)
    }

    /// What is learnt beside a taxonomy, and the options of a build, with the fits of the built-in Canon for taxonomies too
    /// small to have their own. Auxiliaries with the taxonomy's codes are joined to it; Canon does not learn from itself.
    fn heads(&self, taxonomy: &mut Taxonomy) -> Result<(Vec<Taxonomy>, BuildOptions), Failure> {
        let mut auxiliaries = Vec::new();
        for path in &self.args.auxiliary {
            auxiliaries.push(corpus::load(path)?.taxonomy);
        }
        let canon = canon::engine().ok();
        let options = BuildOptions {
            learn: !self.args.no_learning,
            seed: self.args.seed,
            time_cap: None::<Duration>,
            fallback: canon.as_ref().map(|engine| engine.fits().clone()),
            ..BuildOptions::default()
        };
        let mut heads = eval::join_auxiliaries(taxonomy, auxiliaries);
        let canon = canon.filter(|_| !self.args.no_auxiliary && taxonomy.manifest.name != canon::NAME);
        heads.extend(canon.map(|engine| engine.index().taxonomy.clone()));
        Ok((heads, options))
    }
}

/// Whether a code is one of a role or of a specialisation of the index.
fn is_known(engine: &Engine, code: &str) -> bool {
    let index = engine.index();
    index.find_role(code).is_some() || index.taxonomy.specialisations.iter().any(|specialisation| specialisation.code == code)
}
