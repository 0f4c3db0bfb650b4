//! Turns a title into a query with the names that it is: chooses the language, and leaves out parts that no role accounts for.

use std::cell::OnceCell;

use super::Engine;
use crate::analysis::Query;
use crate::rank;
use crate::retrieve::{self, KnownMatch};

/// A title as it was read.
#[derive(Debug)]
pub struct Reading {
    /// Its words.
    pub query: Query,
    /// Language it was read in, when that is not the taxonomy's first.
    pub lang: Option<String>,
    /// The names that it is.
    pub known: Option<KnownMatch>,
}

/// A title read in one language, with what was looked up on the way.
struct Draft {
    query: Query,
    lang: Option<String>,
    found: Option<KnownMatch>,
    misspelt: OnceCell<Option<KnownMatch>>,
}

impl Draft {
    fn settles(&self) -> bool {
        self.found.as_ref().is_some_and(|known| !known.is_loose())
    }
}

impl Engine {
    /// Reads a title and looks up the names that it is.
    pub fn read(&self, title: &str, lang: Option<&str>) -> Reading {
        let Draft { query, lang, found, misspelt } = self.read_focused(title, lang);
        let misspelt = || misspelt.into_inner().unwrap_or_else(|| retrieve::find_misspelt(&self.index, &query, lang.as_deref()));
        let known = retrieve::correct(&self.index, &query, found, misspelt);
        Reading { query, lang, known }
    }

    /// Reads a title without answering it.
    pub fn analyze(&self, title: &str, lang: Option<&str>) -> Query {
        self.read_focused(title, lang).query
    }

    /// Reads a title and leaves out the parts of it that no role accounts for, unless the whole is a name.
    fn read_focused(&self, title: &str, lang: Option<&str>) -> Draft {
        let draft = self.read_whole(title, lang);
        if draft.settles() {
            return draft;
        }
        match retrieve::focus(&self.index, &draft.query) {
            // A misspelt name has words of its own that nobody knows.
            Some(focused) if self.misspelt(&draft).is_none_or(|known| known.dropped) => self.draft(focused, draft.lang),
            _ => draft,
        }
    }

    /// Reads a title in the language asked for; without one, in the taxonomy's first language or in the one that makes a
    /// name of it, else in the one that knows most of its words.
    fn read_whole(&self, title: &str, lang: Option<&str>) -> Draft {
        let first = self.draft(self.index.analyzer.query(title, lang), lang.map(str::to_owned));
        let languages = self.index.analyzer.languages();
        if lang.is_some() || languages.len() < 2 || first.query.problem.is_some() || first.query.level_only || first.settles() {
            return first;
        }
        let mut best = (rank::known_share(&self.index, &first.query), None);
        for lang in &languages[1..] {
            let other = self.draft(self.index.analyzer.query(title, Some(lang)), Some(lang.clone()));
            if other.settles() {
                return other;
            }
            let share = rank::known_share(&self.index, &other.query);
            if share > best.0 {
                best = (share, Some(other));
            }
        }
        match best.1 {
            Some(other) if self.misspelt(&first).is_none() => other,
            _ => first,
        }
    }

    fn draft(&self, query: Query, lang: Option<String>) -> Draft {
        Draft { found: retrieve::find(&self.index, &query), query, lang, misspelt: OnceCell::new() }
    }

    fn misspelt<'d>(&self, draft: &'d Draft) -> Option<&'d KnownMatch> {
        draft.misspelt.get_or_init(|| retrieve::find_misspelt(&self.index, &draft.query, draft.lang.as_deref())).as_ref()
    }
}
