//! Holds one generation of an index: the taxonomy, its names and keys, word statistics, learnt parameters and fits.
//!
//! It writes and opens; it trains nothing and ranks nothing. An index is one file of checksummed sections (see
//! `container`), either embedded, or `index.bin` in a folder.

mod arena;
mod container;
mod decode;
mod letter_model;
pub mod lexical;
mod name_vectors;
mod names;
mod near_names;
mod postings;
mod spelling;
mod starts;

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use hashbrown::HashTable;
use serde::{Deserialize, Serialize};

use crate::analysis::{ANALYSIS_VERSION, Analyzer};
use crate::learn::{QuantizedModel, Vocabulary};
use crate::taxonomy::{RoleId, Taxonomy};
use decode::{decode, decode_compressed, encode, encode_compressed};

pub(crate) use arena::{TextNumbers, descending};
pub use arena::{Lists, Texts};
pub use container::FORMAT;
pub use letter_model::LetterModel;
pub use lexical::{Files, Lexical, RecordDocument, SearchHits};
pub use name_vectors::{NameSums, NameVectors, weight};
pub use names::{Found, NameFacts, NameField, Names, RawName, collect};
pub use near_names::{NearName, NearNames, letters};
pub use postings::Postings;
pub use spelling::{Near, Spelling};
pub use starts::{Start, Starts};

/// Name of the file in an index folder.
pub const INDEX_FILE: &str = "index.bin";

/// Why an index cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The file cannot be read or written.
    #[error("{path}: {reason}: check the path and its permissions", path = .path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// There is no index.
    #[error("{what} is no rolecall index: build one with `rolecall index TAXONOMY -o DIR`")]
    NoIndex {
        /// What was opened.
        what: String,
    },
    /// The index is of another format.
    #[error("{what} has index format {found}, this program reads format {known}: build it again with `rolecall index`, or use the program that built it")]
    OtherFormat {
        /// What was opened.
        what: String,
        /// Format found.
        found: u32,
        /// Format known.
        known: u32,
    },
    /// The index was built by another version of the analysis.
    #[error("{what} was built with analysis version {found}, this program has {known}: build it again with `rolecall index`")]
    Stale {
        /// What was opened.
        what: String,
        /// Version found.
        found: u32,
        /// Version known.
        known: u32,
    },
    /// The index is damaged.
    #[error("{what} is damaged: {reason}: build it again with `rolecall index`, or copy it anew")]
    Damaged {
        /// What was opened.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// The lexical part failed.
    #[error("the lexical part of the index failed: {0}: build the index again with `rolecall index`")]
    Lexical(String),
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Lexical(error.to_string())
    }
}

/// What an index says about itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct IndexManifest {
    /// Version of the program that built it.
    pub crate_version: String,
    /// Version of the analysis.
    pub analysis_version: u32,
    /// Digest of taxonomy, auxiliaries, versions, parameters and seed: names the generation.
    pub fingerprint: String,
    /// Digest of the taxonomy alone.
    pub taxonomy_fingerprint: String,
    /// Name and version of the taxonomy, as in `canon@1`.
    pub taxonomy: String,
    /// Name, version and digest of each auxiliary taxonomy.
    pub auxiliaries: Vec<String>,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// How novel titles are ranked: `fitted` or `fixed`; `none` without learnt parameters.
    pub ranker: String,
    /// Where the calibrators come from: `fitted`, `shipped` or `none`.
    pub calibration: String,
    /// The population a confidence speaks of, in words.
    pub population: String,
    /// Figures of the build: hold-out accuracy and the like.
    pub figures: std::collections::BTreeMap<String, f64>,
    /// Number of roles.
    pub roles: usize,
    /// Number of specialisations.
    pub specialisations: usize,
    /// Number of names.
    pub names: usize,
}

/// Word statistics of specialisations.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct WordTables {
    /// All names of a specialisation as one document, words numbered as in [`Names`].
    pub names: Postings,
    /// Summaries, tasks, skills and knowledge, words numbered as in `text_words`.
    pub texts: Postings,
    /// Vocabulary of the texts.
    pub text_words: Texts,
    /// Share of a specialisation's names that have a word as head noun: word → (specialisation, share).
    pub heads: Postings,
    /// Words of the title of each specialisation.
    pub title_words: Lists,
    /// Words beside those of names that are spelt right, in alphabetical order: the lexicon's keys.
    pub other_words: Texts,
}

impl WordTables {
    /// Whether a word is among [`WordTables::other_words`].
    pub fn other_words_contain(&self, word: &str) -> bool {
        let (mut low, mut high) = (0, self.other_words.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.other_words.get(middle).cmp(word) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        false
    }
}

/// One learnt model with its vocabulary.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LearnedModel {
    /// Numbers features.
    pub vocabulary: Vocabulary,
    /// Scores specialisations.
    pub model: QuantizedModel,
}

/// The parts of a generation before it is written or after it was opened.
#[derive(Debug)]
pub struct Parts {
    /// About itself.
    pub manifest: IndexManifest,
    /// The taxonomy.
    pub taxonomy: Taxonomy,
    /// Its names.
    pub names: Names,
    /// Word statistics.
    pub words: WordTables,
    /// Learnt models; may be empty.
    pub models: Vec<LearnedModel>,
    /// Fits of ranking and deciding, opaque here.
    pub fits: Vec<u8>,
    /// tantivy's files.
    pub lexical: Files,
}

/// tantivy's files until they are opened: packed as they are stored, which takes a third of the memory, or none where the
/// index is part of the program.
#[derive(Debug)]
enum LexicalFiles {
    Plain(Files),
    Packed(Cow<'static, [u8]>),
    /// Opened.
    Gone,
}

/// An open generation.
#[derive(Debug)]
pub struct Index {
    /// About itself.
    pub manifest: IndexManifest,
    /// The taxonomy.
    pub taxonomy: Taxonomy,
    /// Reads titles with the taxonomy's lexicon.
    pub analyzer: Analyzer,
    /// Its names.
    pub names: Names,
    /// Word statistics.
    pub words: WordTables,
    /// Learnt models.
    pub models: Vec<LearnedModel>,
    /// Fits of ranking and deciding, opaque here.
    pub fits: Vec<u8>,
    has_levels: bool,
    text_word_numbers: TextNumbers,
    role_numbers: RoleNumbers,
    lexical_files: Mutex<LexicalFiles>,
    lexical: OnceLock<Option<Lexical>>,
    name_vectors: OnceLock<NameVectors>,
    spelling: OnceLock<Spelling>,
    letter_model: OnceLock<LetterModel>,
    near_names: OnceLock<NearNames>,
    starts: OnceLock<Starts>,
}

impl Index {
    /// Puts parts together without writing them.
    pub fn assemble(parts: Parts) -> Self {
        let mut names = parts.names.opened();
        let pairs = std::mem::take(&mut names.pairs);
        let analyzer = Analyzer::new(&parts.taxonomy.lexicon, &parts.taxonomy.manifest.languages).with_name_pairs(pairs);
        Self {
            role_numbers: RoleNumbers::new(&parts.taxonomy),
            has_levels: parts.taxonomy.has_levels(),
            name_vectors: OnceLock::new(),
            manifest: parts.manifest,
            taxonomy: parts.taxonomy,
            analyzer,
            names,
            text_word_numbers: TextNumbers::new(&parts.words.text_words),
            words: parts.words,
            models: parts.models,
            fits: parts.fits,
            lexical_files: LexicalFiles::Plain(parts.lexical).into(),
            lexical: OnceLock::new(),
            spelling: OnceLock::new(),
            letter_model: OnceLock::new(),
            near_names: OnceLock::new(),
            starts: OnceLock::new(),
        }
    }

    /// Opens `DIR/index.bin`, or a file.
    ///
    /// # Errors
    /// [`IndexError`] says what is wrong and the way out.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let file = if path.is_dir() { path.join(INDEX_FILE) } else { path.to_owned() };
        let bytes = std::fs::read(&file).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => IndexError::NoIndex { what: path.display().to_string() },
            _ => IndexError::Io { path: file.clone(), reason: error.to_string() },
        })?;
        Self::from_bytes(bytes.into(), &file.display().to_string())
    }

    /// Opens an index in memory; `what` names it in messages.
    ///
    /// # Errors
    /// [`IndexError`] says what is wrong and the way out.
    pub fn from_bytes(bytes: Cow<'static, [u8]>, what: &str) -> Result<Self, IndexError> {
        let container = container::Container::open(bytes, what)?;
        let damaged = |reason: String| IndexError::Damaged { what: what.to_owned(), reason };
        let missing = |name: &str| damaged(format!("section {name:?} is missing"));
        let section = |name: &str| container.get(name).ok_or_else(|| missing(name));
        let manifest: IndexManifest = serde_json::from_slice(section("manifest")?).map_err(|error| damaged(error.to_string()))?;
        if manifest.analysis_version != ANALYSIS_VERSION {
            return Err(IndexError::Stale { what: what.to_owned(), found: manifest.analysis_version, known: ANALYSIS_VERSION });
        }
        let (taxonomy, names, words) = (section("taxonomy")?, section("names")?, section("words")?);
        let (models, fits) = (section("models")?, section("fits")?);
        let lexical = container.get_cow("lexical").ok_or_else(|| missing("lexical"))?;
        // PERF: the taxonomy is half of the work, and the first answer waits for all of it.
        let (taxonomy, rest) = std::thread::scope(|scope| {
            let taxonomy = scope.spawn(|| decode_compressed::<Taxonomy>(taxonomy));
            let rest = || Ok((decode_compressed(names)?, decode_compressed(words)?, decode(models)?));
            let rest = rest();
            (taxonomy.join().expect("decoding does not panic"), rest)
        });
        let (names, words, models) = rest.map_err(damaged)?;
        let parts = Parts { manifest, taxonomy: taxonomy.map_err(damaged)?, names, words, models, fits: fits.to_vec(), lexical: Files::new() };
        // What was read is let go before more is made.
        drop(container);
        Ok(Self { lexical_files: LexicalFiles::Packed(lexical).into(), ..Self::assemble(parts) })
    }

    /// Whether the taxonomy has levels to choose among.
    pub fn has_levels(&self) -> bool {
        self.has_levels
    }

    /// Finds a role by its code; ASCII case is ignored when no role has the exact code.
    pub fn find_role(&self, code: &str) -> Option<RoleId> {
        self.role_numbers.get(&self.taxonomy, code)
    }

    /// The lexical channel; opened when first used.
    pub fn lexical(&self) -> Option<&Lexical> {
        // A panic while the files were taken leaves them in one of three whole states.
        let taken = || std::mem::replace(&mut *self.lexical_files.lock().unwrap_or_else(PoisonError::into_inner), LexicalFiles::Gone);
        let open = || match taken() {
            LexicalFiles::Plain(files) => Lexical::open(files).ok(),
            LexicalFiles::Packed(bytes) => Lexical::open(decode_compressed(&bytes).ok()?).ok(),
            LexicalFiles::Gone => None,
        };
        self.lexical.get_or_init(open).as_ref()
    }

    /// Names by word, for the nearest single name; made when first used.
    pub fn name_vectors(&self) -> &NameVectors {
        self.name_vectors.get_or_init(|| NameVectors::new(&self.names.word_lists, self.names.words.len(), &self.words.names))
    }

    /// The finder of words near misspelt ones, over the vocabulary of the names; made when first used.
    pub fn spelling(&self) -> &Spelling {
        self.spelling.get_or_init(|| Spelling::new(self.names.words.iter().chain(self.words.other_words.iter())))
    }

    /// How usual letters are after one another in the words of names, texts and lexicon; made when first used.
    pub fn letter_model(&self) -> &LetterModel {
        let words = || self.names.words.iter().chain(self.words.text_words.iter()).chain(self.words.other_words.iter());
        self.letter_model.get_or_init(|| LetterModel::new(words()))
    }

    /// The finder of names near a whole misspelt title; made when first used.
    pub fn near_names(&self) -> &NearNames {
        self.near_names.get_or_init(|| NearNames::new(&self.names))
    }

    /// The starts of words for completion; made when first used.
    pub fn starts(&self) -> &Starts {
        self.starts.get_or_init(|| Starts::new(&self.names))
    }

    /// The text of a word's number in [`Index::spelling`].
    pub fn spelling_word(&self, number: u32) -> &str {
        let own = self.names.words.len() as u32;
        if number < own { self.names.words.get(number) } else { self.words.other_words.get(number - own) }
    }

    /// Number of a word in the vocabulary of the texts.
    pub fn text_word_number(&self, word: &str) -> Option<u32> {
        self.text_word_numbers.get(&self.words.text_words, word)
    }
}

/// Roles by their codes, case ignored.
#[derive(Debug)]
struct RoleNumbers(HashTable<u32>);

impl RoleNumbers {
    fn new(taxonomy: &Taxonomy) -> Self {
        let hash = |number: &u32| Self::hash(taxonomy.roles[*number as usize].code.as_str());
        let mut numbers = HashTable::with_capacity(taxonomy.roles.len());
        for number in 0..taxonomy.roles.len() as u32 {
            numbers.insert_unique(hash(&number), number, hash);
        }
        Self(numbers)
    }

    fn hash(code: &str) -> u64 {
        rustc_hash::FxBuildHasher.hash_one(code.to_ascii_lowercase())
    }

    fn get(&self, taxonomy: &Taxonomy, code: &str) -> Option<RoleId> {
        let known = |number: u32| taxonomy.roles[number as usize].code.as_str();
        let alike = self.0.iter_hash(Self::hash(code)).copied().filter(|number| known(*number).eq_ignore_ascii_case(code));
        alike.max_by_key(|number| (known(*number) == code, *number)).map(RoleId)
    }
}

impl Parts {
    /// The bytes of an index file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let sections = vec![
            ("manifest".to_owned(), serde_json::to_vec_pretty(&self.manifest).expect("a manifest is plain data")),
            ("taxonomy".to_owned(), encode_compressed(&self.taxonomy)),
            ("names".to_owned(), encode_compressed(&self.names)),
            ("words".to_owned(), encode_compressed(&self.words)),
            ("models".to_owned(), encode(&self.models)),
            ("fits".to_owned(), self.fits.clone()),
            ("lexical".to_owned(), encode_compressed(&self.lexical)),
        ];
        container::pack(&sections)
    }

    /// Writes `DIR/index.bin`, or a file when the path ends in `.bin`, in one step.
    ///
    /// # Errors
    /// [`IndexError::Io`] naming the path.
    pub fn write(&self, path: &Path) -> Result<PathBuf, IndexError> {
        let file = if path.extension().is_some_and(|ending| ending == "bin") { path.to_owned() } else { path.join(INDEX_FILE) };
        container::write_atomically(&file, &self.to_bytes())?;
        Ok(file)
    }
}
