//! Turns `lexicon/LANG.toml` files, those of a taxonomy or the built-in ones, into the analyser's tables.

use std::cell::RefCell;
use std::path::Path;

use crate::taxonomy::lexicon::{LanguageLexicon, Lexicon};

use super::places::Places;
use super::problem::{Problem, ProblemKind};
use super::toml_tree::Source;

/// The built-in tables; a further language is one more line.
const BUILT_IN: [(&str, &str); 9] = [
    ("en", include_str!("../../corpus/lexicon/en.toml")),
    ("de", include_str!("../../corpus/lexicon/de.toml")),
    ("fr", include_str!("../../corpus/lexicon/fr.toml")),
    ("es", include_str!("../../corpus/lexicon/es.toml")),
    ("it", include_str!("../../corpus/lexicon/it.toml")),
    ("nl", include_str!("../../corpus/lexicon/nl.toml")),
    ("pt", include_str!("../../corpus/lexicon/pt.toml")),
    ("pl", include_str!("../../corpus/lexicon/pl.toml")),
    ("sv", include_str!("../../corpus/lexicon/sv.toml")),
];

/// The lexicon that comes with the library, for taxonomies without one of their own.
///
/// # Panics
/// When a built-in file is wrong, which a test of this module excludes.
pub fn built_in_lexicon() -> Lexicon {
    let languages = BUILT_IN.iter().map(|(lang, text)| {
        let tables: LanguageLexicon = toml::from_str(text).expect("a test parses every built-in lexicon");
        ((*lang).to_owned(), tables)
    });
    Lexicon { languages: languages.collect() }
}

/// Reads the tables of one language; `file_name` is its path for people, `lang` what the file's name says.
pub(super) fn read(file_name: &str, lang: &str, text: &str, problems: &RefCell<Vec<Problem>>, places: &mut Places) -> Option<LanguageLexicon> {
    let source = Source::new(file_name.into(), text, problems);
    match toml::from_str::<LanguageLexicon>(text) {
        Ok(tables) if tables.lang == lang => {
            places.lexicon.insert(lang.to_owned(), source.place(0));
            Some(tables)
        }
        Ok(tables) => {
            let message = format!("the language is {:?} and the file's name {lang:?}: make them equal", tables.lang);
            source.note(source.place(0), "lang", ProblemKind::BadValue, message);
            None
        }
        Err(error) => {
            let place = source.place(error.span().map_or(0, |span| span.start));
            source.note(place, "", ProblemKind::BadValue, format!("{}; correct the entry", error.message()));
            None
        }
    }
}

/// Whether a path is a TOML file, and its name without the ending.
pub(super) fn toml_stem(path: &Path) -> Option<String> {
    if path.extension()? != "toml" {
        return None;
    }
    Some(path.file_stem()?.to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_names_its_language() {
        for (lang, tables) in built_in_lexicon().languages {
            assert_eq!(tables.lang, lang);
        }
    }
}
