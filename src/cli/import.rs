//! `rolecall import`: turns other people's files into a taxonomy in one file, with notices on stderr.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use rolecall::corpus::store;
use rolecall::import::{self, CsvOptions, EscoOptions, ImportError, Imported};

use super::exit::{Failure, Outcome};

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    /// The folder of an O*NET text release
    Onet {
        /// Folder with `Occupation Data.txt`
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Folders of ESCO CSV files, in any languages
    Esco {
        /// Folders with `occupations_XX.csv`
        #[arg(value_name = "DIR", required = true)]
        folders: Vec<PathBuf>,
        /// Make every ISCO group a role too, so that a title may be answered with a group
        #[arg(long)]
        groups: bool,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// A CSV or TSV of your own: code,title,alias[,lang,type,skill,knowledge,level,parent,summary]
    Csv {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Short name of the taxonomy [default: the file's name]
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// Language of rows that state none
        #[arg(long, value_name = "LANG", default_value = "en")]
        lang: String,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// The text of a role's page
    Page {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        output: OutputArgs,
    },
}

#[derive(Debug, Args)]
struct OutputArgs {
    /// File to write the taxonomy to, as JSON lines
    #[arg(long, short = 'o', value_name = "TAXONOMY")]
    output: PathBuf,
}

pub(crate) fn run(args: ImportArgs) -> Result<Outcome, Failure> {
    match args.source {
        Source::Onet { folder, output } => write(import::onet(&folder), &output.output),
        Source::Esco { folders, groups, output } => {
            let folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
            write(import::esco(&folders, EscoOptions { groups }), &output.output)
        }
        Source::Csv { file, name, lang, output } => write(import::csv(&file, &CsvOptions { name, lang }), &output.output),
        Source::Page { file, output } => write(import::page(&file), &output.output),
    }
}

fn write(imported: Result<Imported, ImportError>, path: &Path) -> Result<Outcome, Failure> {
    let Imported { taxonomy, notices } = imported.map_err(|error| match error {
        ImportError::Read { .. } => Failure::io(error.to_string()),
        _ => Failure::input(error.to_string()),
    })?;
    for notice in &notices {
        eprintln!("{notice}");
    }
    store::write(&taxonomy, path)?;
    let names: usize = taxonomy.specialisations.iter().map(|specialisation| specialisation.aliases.len()).sum();
    eprintln!(
        "{}: {} roles and {names} aliases of {} {}",
        path.display(),
        taxonomy.roles.len(),
        taxonomy.manifest.name,
        taxonomy.manifest.version
    );
    Ok(Outcome::Done)
}
