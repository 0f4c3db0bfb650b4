//! Lists the rules: id, weight, reason and check. Ids are stable: they stand in reports and in people's scripts.

use super::finding::{Findings, Severity};
use super::rules::{
    aliases, cards, codes, collisions, components, confusable, levels, mappings, one_sided, overrides, records, shared, texts, years,
};
use super::source::Source;

/// A rule of lint.
pub struct Rule {
    /// Stable name, as in `alias-self`.
    pub id: &'static str,
    /// How much its findings weigh.
    pub severity: Severity,
    /// Why it exists, in one sentence.
    pub rationale: &'static str,
    /// Looks for what it forbids.
    pub(super) check: Check,
}

type Check = for<'a> fn(&Source<'a>, &mut Findings<'_>);

impl std::fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}[{}]", self.severity.name(), self.id)
    }
}

const fn error(id: &'static str, rationale: &'static str, check: Check) -> Rule {
    Rule { id, severity: Severity::Error, rationale, check }
}

const fn warning(id: &'static str, rationale: &'static str, check: Check) -> Rule {
    Rule { id, severity: Severity::Warning, rationale, check }
}

const fn info(id: &'static str, rationale: &'static str, check: Check) -> Rule {
    Rule { id, severity: Severity::Info, rationale, check }
}

/// Every rule, errors first.
pub static RULES: [Rule; 33] = [
    error("code-format", "a code of another shape than the manifest promises breaks whoever takes it apart", codes::format),
    error("code-duplicate", "a code that stands twice names no role", codes::duplicate),
    error("code-level-mismatch", "a code whose parts contradict its record makes one of them a lie", codes::level_mismatch),
    error("title-missing", "a role without a title can be neither found nor shown", records::title_missing),
    error("alias-level-range", "a range of levels such as P5–P6 is no name and would answer for every title with that level", aliases::level_range),
    error("alias-code-like", "a code or an address is no name; codes of other schemes are mappings", aliases::code_like),
    error("alias-ambiguous", "a name of several families is answered by chance unless every place says that it is shared and why", shared::ambiguous),
    error("alias-invisible-chars", "characters that nobody sees make two names of one and keep a title from being found", texts::invisible),
    error("chip-suffix-left", "chips glued to a text would be searched as words of it", texts::chips),
    error("empty-state-indexed", "a sentence that says that there is nothing would be found as content", texts::empty_states),
    error("mapping-code-format", "a code that its scheme cannot have leads nowhere", mappings::code_format),
    warning("alias-same-words", "names of several families that differ in the order of their words are found by each other's titles", shared::same_words),
    warning("alias-self", "an alias that repeats its title adds nothing and may carry another confidence than the title", aliases::repeats_title),
    warning("alias-duplicate", "a name that stands twice has two confidences, or two levels", shared::duplicate),
    warning("alias-generic", "a word like Manager alone names no role and draws titles of every family", aliases::generic),
    warning("alias-too-short", "one or two letters are matched by chance unless they are a known abbreviation", aliases::too_short),
    warning("alias-unapproved", "a name that nobody approved only ever leads to a review", aliases::unapproved),
    warning("alias-level-exceeds-code", "a name that says another level than its record contradicts the level read from titles", levels::alias_exceeds),
    warning("title-level-conflict", "a title that says another level than the role's sends titles to the wrong level", levels::title_conflict),
    warning("name-collides", "a name that is also a level word or a place, or holds noise, is taken apart before it is looked up", collisions::names),
    warning("component-count-mismatch", "a heading's count is a check digit: a difference means that a line was lost", components::count_mismatch),
    warning("component-duplicate", "what family, specialisation and level inherit is said once, or it drifts apart", components::duplicate),
    warning("empty-section", "a section that others fill and one leaves empty was forgotten, or should say that it is empty", records::empty_section),
    warning("experience-conflict", "years in a qualification that contradict the level's years make one of them wrong", years::experience),
    warning("mapping-major-group", "the top group of a scheme says nearly nothing and was mostly inferred", mappings::major_group),
    warning("mapping-unreviewed", "a mapping that nobody judged is never given out as a code", mappings::unreviewed),
    warning("mapping-version-unknown", "a code means something only in a version of its scheme", mappings::version_unknown),
    warning("level-card-drift", "a level is described once; cards that differ, repeat each other or leave years out cannot be compared", cards::drift),
    warning("band-score-conflict", "a band that contradicts its score makes one of them wrong", records::band_score),
    warning("override-stale", "an override of a role that is gone, or that says what the taxonomy says, hides later corrections", overrides::stale),
    info("alias-one-sided-spelling", "where two head nouns are used alike in a family, a name known with one of them may be missing with the other", one_sided::names),
    info("confusable-names", "names of different families one letter apart are where a slip changes the answer", confusable::names),
    info("status-draft", "drafts are still to be read by another person", records::draft),
];

/// The rule of an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
