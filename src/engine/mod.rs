//! Answers titles from one open index: the value behind library, command line, HTTP, batch and Python.
//!
//! An answer is a function of index, prior, overrides and title; it does no IO and cannot fail.

mod adapt;
mod answer;
mod explain;
mod groups;
mod overrides;
mod parts;
mod prior;
mod read;
mod search;
mod settled;
mod suggest;
mod thresholds;

use std::sync::Arc;

pub use adapt::adapt;
pub use answer::{
    CandidateSet, Classification, Explanation, FeatureShare, GroupAnswer, LearnedShare, MatchedName, Meta, Parsed, ParsedLevel,
    ParsedTypo, Relaxation, RoleCandidate, Tier, Unmatched,
};
pub use overrides::{Override, OverrideError, Overrides};
pub use prior::{NamedPrior, PriorError, PriorFile};
pub use read::Reading;

pub use search::{SearchFilters, SearchHit, SearchResult};
pub use suggest::{SuggestKind, Suggestion};

use crate::analysis::{InputProblem, Query};
use crate::decide::{self, Decision, Findings, Reason};
use crate::index::{Index, IndexError};
use crate::rank::{self, Fits, Leaf, LevelMatch, Prior, Ranking, Scored, UsualRoles};
use crate::retrieve::{self, Candidates, KnownMatch};
use crate::taxonomy::{RoleId, SpecialisationId, Status};
pub(crate) use thresholds::GUARD;
use thresholds::Thresholds;

/// Precision that accepts aim at when nothing else is asked.
pub const DEFAULT_ACCEPT_PRECISION: f32 = 0.95;
/// Roles in an answer when nothing else is asked.
pub const DEFAULT_LIMIT: usize = 5;
/// Below this confidence of its editors, in hundredths, a name alone settles nothing: *Operations Specialist* is said in
/// twenty families. Names that mean mostly one work are written with 0.50, all others with 0.70 or more.
const DOUBTFUL_NAME: u8 = 60;
/// Candidates whose level is chosen at most: no answer shows more.
pub const MAX_LIMIT: usize = 50;

/// What is asked beside the title.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchOptions {
    /// Roles in the answer.
    pub limit: usize,
    /// Whether reasons are given in words.
    pub explain: bool,
    /// Language to prefer.
    pub lang: Option<String>,
    /// Precision that accepts aim at.
    pub accept_precision: f32,
    /// Schemes whose codes are given with each role.
    pub emit: Vec<String>,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, explain: false, lang: None, accept_precision: DEFAULT_ACCEPT_PRECISION, emit: Vec::new() }
    }
}

/// Answers titles from one open index.
#[derive(Debug, Clone)]
pub struct Engine {
    index: Arc<Index>,
    fits: Arc<Fits>,
    thresholds: Arc<Thresholds>,
    usual: Arc<UsualRoles>,
    prior: Option<Arc<NamedPrior>>,
    overrides: Option<Arc<Overrides>>,
}

impl Engine {
    /// Answers from an open index.
    ///
    /// # Errors
    /// When the fits in the index cannot be read.
    pub fn new(index: Index) -> Result<Self, IndexError> {
        let fits = if index.fits.is_empty() {
            Fits::default()
        } else {
            postcard::from_bytes(&index.fits)
                .map_err(|error| IndexError::Damaged { what: "the index".to_owned(), reason: format!("its fits cannot be read: {error}") })?
        };
        Ok(Self::with_fits(index, fits))
    }

    /// Answers from an open index with other fits than its own.
    pub fn with_fits(index: Index, fits: Fits) -> Self {
        let thresholds = Arc::new(Thresholds::new(&fits));
        let usual = Arc::new(UsualRoles::new(&index.taxonomy));
        Self { index: Arc::new(index), fits: Arc::new(fits), thresholds, usual, prior: None, overrides: None }
    }

    /// Opens an index folder or file.
    ///
    /// # Errors
    /// [`IndexError`] says what is wrong and the way out.
    pub fn open(path: &std::path::Path) -> Result<Self, IndexError> {
        Self::new(Index::open(path)?)
    }

    /// The same engine with a prior over its specialisations.
    #[must_use]
    pub fn with_prior(mut self, prior: NamedPrior) -> Self {
        self.prior = Some(Arc::new(prior));
        self
    }

    /// The same engine with overrides that win over every other answer.
    #[must_use]
    pub fn with_overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = Some(Arc::new(overrides));
        self
    }

    /// The open index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The fits in use.
    pub fn fits(&self) -> &Fits {
        &self.fits
    }

    /// Shows how a title is read, without answering it.
    pub fn parse(&self, title: &str, lang: Option<&str>) -> Parsed {
        explain::parsed(&self.analyze(title, lang), None, lang.map(str::to_owned))
    }

    /// Confidence from which answers by likeness are accepted at a wanted precision. Learnt on hidden names, with a guard:
    /// real titles are a little harder.
    pub fn threshold(&self, accept_precision: f32) -> f32 {
        self.thresholds.at(accept_precision)
    }

    /// Confidence from which an answer with such a name is accepted. A name word for word needs no guard: its confidence was
    /// fitted on the very names that are asked again, so each is held to the precision itself. After edits, or with words
    /// left over, the title may be another name that is not listed, and real titles are a little harder than held-out ones.
    fn known_threshold(&self, known: Option<&KnownMatch>, accept_precision: f32) -> f32 {
        match known {
            None => self.threshold(accept_precision),
            Some(known) if known.is_contested() => (accept_precision + GUARD as f32).min(0.99),
            Some(_) => accept_precision,
        }
    }

    /// Answers a title.
    pub fn classify(&self, title: &str, options: &MatchOptions) -> Classification {
        let Reading { query, lang, known } = self.read(title, options.lang.as_deref());
        let options = &MatchOptions { lang, ..options.clone() };
        if let Some(problem) = query.problem {
            let reason = match problem {
                InputProblem::Empty => Reason::InputEmpty,
                InputProblem::TooLong => Reason::InputTooLong,
            };
            return self.rejected(title, &query, None, reason, options);
        }
        if let Some(found) = self.overrides.as_ref().and_then(|overrides| overrides.find(&self.index, &query)) {
            return self.by_override(title, &query, found, options);
        }
        let found = retrieve::retrieve(&self.index, &query, known);
        if let Some(role) = found.code {
            return self.by_code(title, &query, role, options);
        }
        if query.level_only && found.known.is_none() {
            return self.rejected(title, &query, None, Reason::LevelOnly, options);
        }
        if query.heading && found.known.is_none() {
            return self.rejected(title, &query, None, Reason::NoCandidates, options);
        }
        if found.known.as_ref().is_none_or(|known| known.dropped)
            && let Some(parts) = self.parts(&query, options)
        {
            return self.multiple(title, &query, parts, options);
        }
        self.answer(title, query, found, options)
    }

    /// The order of a title's candidates with the evidence, for evaluation and for fitting.
    pub fn rank(&self, query: &Query, known: Option<KnownMatch>) -> (Candidates, Ranking) {
        self.settle(query, retrieve::retrieve(&self.index, query, known))
    }

    /// Ranks what was found. A name that the title is only after edits, or with words left over on either side, competes with
    /// the roles found by likeness: the surer answer stands.
    fn settle(&self, query: &Query, mut found: Candidates) -> (Candidates, Ranking) {
        let mut ranking = self.ranking(query, &found);
        if !found.known.as_ref().is_some_and(KnownMatch::is_contested) {
            return (found, ranking);
        }
        let likeness = Candidates { code: None, known: None, scored: std::mem::take(&mut found.scored) };
        let novel_ranking = self.ranking(query, &likeness);
        let first = |ranking: &Ranking| ranking.scored.first().map(|first| first.specialisation);
        let differs = first(&novel_ranking).is_some_and(|novel| Some(novel) != first(&ranking));
        let rival = (differs && self.fits.novel.is_some()).then(|| (self.confidence(query, &likeness, &novel_ranking), novel_ranking.clone()));
        // What is found by likeness is evidence about the name too.
        ranking.add_others(novel_ranking, false);
        match rival {
            Some((confidence, novel_ranking)) if confidence > self.confidence(query, &found, &ranking) => (likeness, novel_ranking),
            _ => (found, ranking),
        }
    }

    fn ranking(&self, query: &Query, found: &Candidates) -> Ranking {
        let none = Prior::new();
        let prior = self.prior.as_ref().map_or(&none, |prior| prior.weights());
        match &found.known {
            Some(known) => {
                let read = known.corrected.as_deref().unwrap_or(query);
                let compete = known.names.iter().any(|name| self.bearer(*name) != self.bearer(known.names[0]));
                // A loose match comes with the evidence for its title as typed.
                let is_there = known.corrected.is_none() && !found.scored.is_empty();
                if compete && !is_there {
                    let evidence = retrieve::evidence(&self.index, read);
                    return rank::rank_known(&self.index, &self.fits, read, known, &evidence, prior);
                }
                rank::rank_known(&self.index, &self.fits, read, known, &found.scored, prior)
            }
            None => rank::rank_novel(&self.index, &self.fits, query, &found.scored, prior),
        }
    }

    fn bearer(&self, name: u32) -> SpecialisationId {
        self.index.names.facts[name as usize].specialisation
    }

    /// Confidence that the first specialisation of a ranking is right.
    pub fn confidence(&self, query: &Query, found: &Candidates, ranking: &Ranking) -> f32 {
        let raw = ranking.scored.first().map_or(0.0, |first| first.probability);
        let stated = match &found.known {
            Some(known) => self.fits.of_name(known).map(|fit| fit.confidence(&rank::name_evidence(ranking, known))),
            None => {
                self.fits.novel.as_ref().map(|fit| fit.confidence(&rank::novel_evidence(ranking, rank::title_words(&self.index, query))))
            }
        };
        stated.unwrap_or(raw)
    }

    fn answer(&self, title: &str, query: Query, found: Candidates, options: &MatchOptions) -> Classification {
        let (found, mut ranking) = self.settle(&query, found);
        if options.limit > DEFAULT_LIMIT && found.known.as_ref().is_some_and(|known| !known.is_contested()) {
            let likeness = Candidates { scored: retrieve::evidence(&self.index, &query), ..Candidates::default() };
            ranking.add_others(self.ranking(&query, &likeness), true);
        }
        if ranking.scored.is_empty() {
            return self.rejected(title, &query, None, Reason::NoCandidates, options);
        }
        let confidence = self.confidence(&query, &found, &ranking);
        let read = found.known.as_ref().and_then(|known| known.corrected.as_deref()).unwrap_or(&query);
        let shares = shares(&ranking, confidence);
        let limit = options.limit.clamp(1, MAX_LIMIT);
        let known = found.known.as_ref();
        // Others than those that bear the name were found by likeness.
        let known_at = |place: usize| known.filter(|_| place < ranking.scored.len());
        let leaves: Vec<Leaf> = ranking.all().take(limit).enumerate().map(|(place, scored)| self.leaf(read, known_at(place), scored)).collect();
        let first = &leaves[0];
        let facts = ranking.scored[0].name.map(|name| self.index.names.facts[name as usize]);
        let role = self.index.taxonomy.role(first.role);
        // A name does, whatever it ends in.
        let ends_like_a_name = known.is_some() || retrieve::ends_like_a_name(&self.index, read);
        let findings = Findings {
            confidence: confidence * first.share,
            group_confidence: confidence,
            threshold: self.known_threshold(known, options.accept_precision),
            level_match: first.level_match,
            has_levels: self.index.has_levels(),
            runner_up: ranking.scored.get(1).map_or(0.0, |second| second.probability / ranking.scored[0].probability.max(1e-9)),
            bearers: if known.is_some() { ranking.scored.len() } else { 1 },
            vague: read.vague,
            by_code: false,
            doubtful: known.is_some() && facts.is_some_and(|facts| facts.confidence < DOUBTFUL_NAME),
            unapproved: known.is_some() && facts.is_some_and(|facts| !facts.approved),
            derived: known.is_some() && facts.is_some_and(|facts| facts.field == crate::index::NameField::Derived),
            draft: self.index.taxonomy.manifest.draft_lowers_decision && role.status == Status::Draft,
            deprecated: role.status == Status::Deprecated && role.superseded_by.is_none(),
            multiple: false,
            likeness: match known {
                Some(_) => 1.0,
                None if ends_like_a_name => ranking.scored[0].features[rank::NEAREST_NAME],
                None => 0.0,
            },
            nameless: !ends_like_a_name && rank::known_share(&self.index, read) < decide::NAMELESS_BELOW,
        };
        let (decision, reasons) = decide::decide(&findings);
        let mut candidates: Vec<RoleCandidate> = ranking
            .all()
            .zip(&leaves)
            .enumerate()
            .map(|(place, (scored, leaf))| self.candidate(read, known_at(place), scored, leaf, shares[place] * leaf.share))
            .collect();
        self.finish_candidates(&mut candidates, options);
        if options.explain {
            for place in 0..candidates.len() {
                let explanation = explain::explain(&self.index, read, known_at(place), &ranking, place, &candidates[place], &leaves[place]);
                candidates[place].explanation = Some(explanation);
            }
        }
        Classification {
            input: title.to_owned(),
            decision,
            reasons,
            parsed: self.parsed(&query, known, first, options),
            set: self.set(&ranking, &leaves, &shares),
            group: self.group(&ranking, &shares, first, &findings),
            candidates,
            parts: Vec::new(),
            meta: Meta { threshold: findings.threshold, ..self.meta(options) },
        }
    }

    fn leaf(&self, query: &Query, known: Option<&KnownMatch>, scored: &Scored) -> Leaf {
        let covered = query.office.as_ref().is_none_or(|office| {
            scored.name.is_some_and(|name| {
                let words = self.index.names.word_lists.get(name);
                office.word.split(' ').filter_map(|word| self.index.names.word_number(word)).any(|number| words.contains(&number))
            })
        });
        // A name of one level settles the level only when the title is that name.
        let name = scored.name.filter(|_| known.is_some_and(|known| !known.partial));
        rank::choose(&self.index, &self.usual, query, scored.specialisation, name, covered)
    }

    fn settled(&self, role_id: RoleId, tier: Tier, confidence: f32) -> RoleCandidate {
        let role = self.index.taxonomy.role(role_id);
        let level_match = if role.level.is_some() { LevelMatch::Match } else { LevelMatch::NotStated };
        RoleCandidate {
            code: role.code.clone(),
            title: role.title.clone(),
            family: self.family_code(role.specialisation),
            level: role.level,
            status: role.status,
            confidence,
            score: 0.0,
            tier,
            matched: None,
            level_match,
            relaxations: Vec::new(),
            unmatched: Unmatched::default(),
            mappings: Vec::new(),
            explanation: None,
            level_share: 1.0,
            role: role_id,
            specialisation: role.specialisation,
            equals: 1,
        }
    }

    fn family_code(&self, specialisation: SpecialisationId) -> Option<String> {
        let family = self.index.taxonomy.specialisation(specialisation).family?;
        Some(self.index.taxonomy.family(family).code.clone())
    }

    fn candidate(&self, query: &Query, known: Option<&KnownMatch>, scored: &Scored, leaf: &Leaf, confidence: f32) -> RoleCandidate {
        let tier = match known {
            Some(known) if known.exact => Tier::Exact,
            Some(_) => Tier::Known,
            None => Tier::Novel,
        };
        let mut candidate = self.settled(self.successor(leaf.role), tier, confidence);
        candidate.score = scored.score;
        candidate.level_share = leaf.share;
        candidate.level_match = leaf.level_match;
        candidate.equals = leaf.equals;
        candidate.matched = scored.name.map(|name| explain::matched_name(&self.index, name));
        candidate.relaxations = explain::relaxations(&self.index, query, known, scored.name);
        candidate.unmatched = explain::unmatched(&self.index, query, known, scored.name);
        candidate
    }

    fn finish_candidates(&self, candidates: &mut [RoleCandidate], options: &MatchOptions) {
        if options.emit.is_empty() {
            return;
        }
        for candidate in candidates {
            let wanted = |mapping: &crate::taxonomy::Mapping| {
                options.emit.contains(&mapping.scheme) && mapping.review_status == crate::taxonomy::ReviewStatus::Reviewed
            };
            candidate.mappings = self.index.taxonomy.mappings(candidate.role).into_iter().filter(wanted).collect();
        }
    }

    fn rejected(&self, title: &str, query: &Query, group: Option<GroupAnswer>, reason: Reason, options: &MatchOptions) -> Classification {
        Classification {
            input: title.to_owned(),
            decision: Decision::Reject,
            reasons: vec![reason],
            parsed: self.plain_parsed(query, options),
            candidates: Vec::new(),
            set: None,
            group,
            parts: Vec::new(),
            meta: self.meta(options),
        }
    }

    fn plain_parsed(&self, query: &Query, options: &MatchOptions) -> Parsed {
        explain::parsed(query, None, options.lang.clone())
    }

    fn parsed(&self, query: &Query, known: Option<&KnownMatch>, first: &Leaf, options: &MatchOptions) -> Parsed {
        let read = known.and_then(|known| known.corrected.as_deref()).unwrap_or(query);
        let track = self.index.taxonomy.role(first.role).level.map(|level| level.track);
        let mut parsed = explain::parsed(read, track, options.lang.clone());
        parsed.typos = known.map(|known| known.typos.iter().map(ParsedTypo::from).collect()).unwrap_or_default();
        parsed
    }

    fn meta(&self, options: &MatchOptions) -> Meta {
        Meta {
            taxonomy: self.index.manifest.taxonomy.clone(),
            index: self.index.manifest.fingerprint.chars().take(16).collect(),
            version: env!("CARGO_PKG_VERSION"),
            accept_precision: options.accept_precision,
            threshold: self.threshold(options.accept_precision),
            prior: self.prior.as_ref().map(|prior| prior.name().to_owned()),
        }
    }
}

/// Confidence of each place: the first has the calibrated one, the others share the rest in proportion. Where some bear the
/// name that the title may be and some do not, each kind gets a half of the rest.
fn shares(ranking: &Ranking, confidence: f32) -> Vec<f32> {
    let left = (1.0 - confidence).max(0.0);
    let sum = |scored: &[Scored]| scored.iter().map(|scored| scored.probability).sum::<f32>();
    let (beside, others) = (sum(ranking.scored.get(1..).unwrap_or_default()), sum(&ranking.others));
    let part = if beside > 0.0 && others > 0.0 { left / 2.0 } else { left };
    let share = |(place, scored): (usize, &Scored)| {
        let all = if place < ranking.scored.len() { beside } else { others };
        if place == 0 { confidence } else if all > 0.0 { (part * scored.probability / all).min(confidence) } else { 0.0 }
    };
    ranking.all().enumerate().map(share).collect()
}
