//! Finds what is measured on: Canon and messy titles drawn from its names, and where `ROLECALL_DATA` names a folder with
//! public taxonomies, O*NET and the titles of real vacancies.

use std::path::{Path, PathBuf};

use rolecall::build::{self, BuildOptions};
use rolecall::engine::Engine;
use rolecall::index::{Index, NameField};
use rolecall::learn::Random;
use rolecall::{canon, corpus, holdout, import};

use crate::report::Report;

/// Titles measured one by one.
pub(crate) const TITLES: usize = 2_000;
/// Seed of everything drawn here.
const SEED: u64 = 27;

/// A taxonomy with titles to ask it.
pub(crate) struct Bench {
    /// Name for the table.
    pub(crate) name: &'static str,
    /// Answers.
    pub(crate) engine: Engine,
    /// Distinct titles.
    pub(crate) titles: Vec<String>,
    /// Whether it has learnt parameters.
    pub(crate) learned: bool,
}

/// What there is to measure on.
pub(crate) struct Inputs {
    /// The folder of public data.
    pub(crate) data: Option<PathBuf>,
    benches: Option<Vec<Bench>>,
}

/// Where indexes and lists are kept between runs; safe to delete.
pub(crate) fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

impl Inputs {
    /// Looks for the data.
    pub(crate) fn new(report: &mut Report) -> Self {
        let data = std::env::var_os("ROLECALL_DATA").map(PathBuf::from).filter(|folder| folder.join("onet_27_0").is_dir());
        if data.is_none() {
            report.skip("ROLECALL_DATA names no folder with onet_27_0: O*NET, ESCO and the titles of real vacancies are not measured");
        }
        Self { data, benches: None }
    }

    /// Every taxonomy with its titles, opened once.
    pub(crate) fn benches(&mut self) -> &[Bench] {
        let data = self.data.clone();
        self.benches.get_or_insert_with(|| {
            let engine = canon::engine().expect("the built-in Canon opens");
            let titles = messy_titles(engine.index(), TITLES, SEED);
            let mut benches = vec![Bench { name: "Canon, learned, messy titles", engine, titles, learned: true }];
            if let Some(data) = data {
                let titles = vacancy_titles(&data);
                let plain = Engine::open(&onet_index(&data, false)).expect("the index just built opens");
                let learned = Engine::open(&onet_index(&data, true)).expect("the index just built opens");
                benches.push(Bench { name: "O*NET, learned, vacancies", engine: learned, titles: titles.clone(), learned: true });
                benches.push(Bench { name: "O*NET, not learned, vacancies", engine: plain, titles, learned: false });
            }
            benches
        })
    }
}

/// The index of O*NET, built when it is not kept from an earlier run or cannot be opened any more.
pub(crate) fn onet_index(data: &Path, learn: bool) -> PathBuf {
    let path = kept(if learn { "onet-learned.bin" } else { "onet.bin" });
    if Engine::open(&path).is_ok() {
        eprintln!("{}: taken from an earlier run; delete it to build it anew", path.display());
        return path;
    }
    eprintln!("{}: being built{}", path.display(), if learn { ", some minutes" } else { "" });
    let taxonomy = import::onet(&data.join("onet_27_0")).expect("O*NET is read").taxonomy;
    let auxiliaries = if learn { vec![canon::taxonomy().expect("the built-in Canon opens")] } else { Vec::new() };
    write(taxonomy, &auxiliaries, learn, &path);
    path
}

/// The index of Canon without learnt parameters.
pub(crate) fn canon_index_without_learning() -> PathBuf {
    let path = kept("canon.bin");
    let taxonomy = corpus::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")).expect("the corpus is sound").taxonomy;
    write(taxonomy, &[], false, &path);
    path
}

fn write(taxonomy: rolecall::taxonomy::Taxonomy, auxiliaries: &[rolecall::taxonomy::Taxonomy], learn: bool, path: &Path) {
    let options = BuildOptions { learn, ..BuildOptions::default() };
    let parts = build::build(taxonomy, auxiliaries, &options, &|_| ()).expect("tantivy writes to memory");
    parts.write(path).expect("the target folder can be written");
}

/// Distinct titles of real vacancies, spread over the list.
fn vacancy_titles(data: &Path) -> Vec<String> {
    let path = data.join("benchmarks/vacancies_esco/queries.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut titles: Vec<String> = text.lines().skip(1).filter_map(|line| line.split('\t').nth(1)).map(str::to_owned).collect();
    titles.sort();
    titles.dedup();
    Random::new(SEED).shuffle(&mut titles);
    titles.truncate(TITLES);
    titles
}

/// Distinct titles as people type them, drawn from the names of an index: an eighth are names as they stand, an eighth
/// misspelt, a quarter in the noise of vacancies, and half are new ones that join the beginning of one name to the end of
/// another, a third of those in noise.
pub(crate) fn messy_titles(index: &Index, count: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    let names: Vec<&str> = (0..index.names.len() as u32)
        .filter(|name| index.names.facts[*name as usize].field != NameField::Derived)
        .map(|name| index.names.texts.get(name))
        .collect();
    let mut seen: std::collections::HashSet<String> = std::collections::HashSet::new();
    let mut titles = Vec::with_capacity(count);
    while titles.len() < count {
        let name = names[random.below(names.len())];
        let title = match random.below(8) {
            0 => name.to_owned(),
            1 => holdout::misspell(name, &mut random).unwrap_or_else(|| name.to_owned()),
            2 | 3 => holdout::wrap(name, &mut random).text,
            kind => {
                let other = names[random.below(names.len())];
                let first = name.split(' ').next().unwrap_or(name);
                let last: Vec<&str> = other.split(' ').collect();
                let joined = format!("{first} {}", last[last.len().saturating_sub(2)..].join(" "));
                if kind == 4 { holdout::wrap(&joined, &mut random).text } else { joined }
            }
        };
        if seen.insert(title.clone()) {
            titles.push(title);
        }
    }
    titles
}
