//! Turns a question into candidates: what the engine answers to its text, narrowed by what the row says beside it.
//!
//! A score is a confidence times 100, or more for an entity whose own name was asked for. One candidate at most is a match, exactly when the question as a whole is accepted:
//! the engine accepts the role, or it accepts the specialisation and the row's own properties settle which of its roles.

use serde::Serialize;

use super::entity::{Entity, EntityKind};
use super::property::{Property, Wanted};
use super::question::{Condition, Quantifier, Question};
use crate::decide::{Decision, Reason};
use crate::engine::{Classification, MAX_LIMIT, MatchOptions, RoleCandidate, Tier};
use crate::rank::LevelMatch;
use crate::server::generation::Generation;
use crate::taxonomy::{FamilyId, RoleId, SpecialisationId, Status, Taxonomy};

/// What is left of a score when a property that is no condition says otherwise: one of two witnesses disagrees.
const DISAGREEMENT: f32 = 0.5;
/// Score of an entity whose own name was asked for while the engine prefers another: as good as one of two.
const OWN_NAME: f32 = 0.5;

/// An entity that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) entity: Entity,
    /// From 0 to 100.
    pub(super) score: f64,
    pub(super) is_match: bool,
    pub(super) features: Vec<Feature>,
}

/// Something measured about a candidate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Feature {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) value: FeatureValue,
}

/// Value of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = FeatureValue)]
pub(super) enum FeatureValue {
    /// A measure.
    Number(f64),
    /// Whether something holds.
    Flag(bool),
}

/// An entity with its confidence, before properties are heard.
#[derive(Debug, Clone, Copy)]
struct Found {
    entity: Entity,
    confidence: f32,
    /// From 0 to 1; the confidence, unless the text is the entity's own name.
    score: f32,
    is_accepted: bool,
    /// Whether the text is a name of the entity, perhaps after undoing changes.
    is_known_name: bool,
    /// Whether the level is the one that the text states.
    level_agrees: bool,
}

/// The candidates for a question, best first.
pub(super) fn candidates(generation: &Generation, question: &Question) -> Vec<Candidate> {
    let texts: Vec<&String> = question.texts.iter().filter(|text| !text.trim().is_empty()).collect();
    let mut found: Vec<Found> = Vec::new();
    if !question.ids.is_empty() {
        found = of_ids(generation, question);
    } else if texts.is_empty() {
        found = of_conditions(generation, question);
    }
    for text in texts.into_iter().filter(|_| question.ids.is_empty()) {
        merge(&mut found, of_text(generation, question, text));
    }
    found.retain(|found| question.wants(found.entity.kind()));
    // A title is a role's before it is a family's: a family is the answer where families are asked for.
    if question.ids.is_empty() && question.wants(EntityKind::Role) {
        found.iter_mut().filter(|found| found.entity.kind() == EntityKind::Family).for_each(|family| family.is_accepted = false);
    }
    finish(generation, question, found)
}

/// Adds what another text found; an entity keeps its best confidence.
fn merge(found: &mut Vec<Found>, more: Vec<Found>) {
    for new in more {
        match found.iter_mut().find(|known| known.entity == new.entity) {
            Some(known) if known.score < new.score => *known = new,
            Some(_) => {}
            None => found.push(new),
        }
    }
}

fn of_text(generation: &Generation, question: &Question, text: &str) -> Vec<Found> {
    let options = MatchOptions { limit: MAX_LIMIT, lang: question.lang.clone(), ..MatchOptions::default() };
    let mut answer = generation.engine.classify(text, &options);
    // What is only like a name that settles the text is no entity that it could mean.
    answer.candidates.retain(|candidate| candidate.confidence > 0.0);
    let mut found = Vec::new();
    if answer.decision == Decision::Reject {
        add_own_names(generation, text, &mut found);
        return found;
    }
    if question.wants(EntityKind::Role) {
        found.extend(roles(generation.taxonomy(), question, &answer));
    }
    if question.wants(EntityKind::Family) {
        let families = families(generation.taxonomy(), &answer);
        // Beside roles a family is shown only where no role is sure: so that a column without levels is seen to be one.
        let shown = if question.kinds.is_some() { families.len() } else { usize::from(answer.decision != Decision::Accept) };
        found.extend(families.into_iter().take(shown));
    }
    add_own_names(generation, text, &mut found);
    found
}

/// The engine's candidates; where a title states no level, or the row states another, the other roles of the specialisation
/// too, with equal shares of what the first leaves of its specialisation's confidence.
fn roles(taxonomy: &Taxonomy, question: &Question, answer: &Classification) -> Vec<Found> {
    let narrowing: Vec<&Condition> = question.conditions.iter().filter(|condition| condition.tells_levels()).collect();
    let mut found = Vec::new();
    for (place, candidate) in answer.candidates.iter().enumerate() {
        let is_first = place == 0;
        let known = |role: RoleId, confidence: f32, level_agrees: bool| Found {
            entity: Entity::Role(role),
            confidence,
            score: confidence,
            is_accepted: false,
            is_known_name: candidate.tier != Tier::Novel,
            level_agrees,
        };
        let fits = |role: RoleId| narrowing.iter().all(|condition| condition.holds(taxonomy, Entity::Role(role)));
        let share = candidate.confidence / candidate.level_share;
        let is_open = candidate.level_match == LevelMatch::NotStated && taxonomy.role(candidate.role).level.is_some();
        let is_for_the_row = !narrowing.is_empty() && (is_open || !fits(candidate.role));
        if !is_for_the_row {
            let level_agrees = matches!(candidate.level_match, LevelMatch::Match | LevelMatch::Compatible);
            let is_accepted = is_first && answer.decision == Decision::Accept;
            found.push(Found { is_accepted, ..known(candidate.role, candidate.confidence, level_agrees) });
            if is_open {
                let others: Vec<RoleId> = equals(taxonomy, candidate).into_iter().filter(|role| *role != candidate.role).collect();
                let left = (share - candidate.confidence).max(0.0) / others.len().max(1) as f32;
                found.extend(others.into_iter().map(|role| known(role, left.min(candidate.confidence), false)));
            }
            continue;
        }
        let settled = settled(taxonomy, candidate, fits);
        let of = settled.len() + usize::from(!is_open);
        let is_accepted = is_first && is_open && settled.len() == 1 && specialisation_is_accepted(answer);
        found.extend(settled.iter().map(|role| Found { is_accepted, ..known(*role, share / of as f32, is_open) }));
    }
    found
}

/// The roles of a candidate's specialisation that fit; those of its own track when there are such, for a level word like
/// "senior" is said on every track.
fn settled(taxonomy: &Taxonomy, candidate: &RoleCandidate, fits: impl Fn(RoleId) -> bool) -> Vec<RoleId> {
    let all: Vec<RoleId> = roles_of(taxonomy, candidate.specialisation).filter(|role| fits(*role)).collect();
    let track = |role: RoleId| taxonomy.role(role).level.map(|level| level.track);
    let own: Vec<RoleId> = all.iter().copied().filter(|role| track(*role) == track(candidate.role)).collect();
    if own.is_empty() { all } else { own }
}

/// Whether the engine is sure of all but the level.
fn specialisation_is_accepted(answer: &Classification) -> bool {
    let is_sure = answer.group.as_ref().is_some_and(|group| group.kind == "specialisation" && group.decision == Decision::Accept);
    is_sure && answer.reasons.iter().all(|reason| *reason == Reason::LevelNotStated)
}

fn roles_of(taxonomy: &Taxonomy, specialisation: SpecialisationId) -> impl Iterator<Item = RoleId> {
    taxonomy.roles_of(specialisation).map(|(role, _)| role)
}

/// The roles that are as good as a candidate whose title states no level: those of its track.
fn equals(taxonomy: &Taxonomy, candidate: &RoleCandidate) -> Vec<RoleId> {
    let track = |role: RoleId| taxonomy.role(role).level.map(|level| level.track);
    let alike: Vec<RoleId> = roles_of(taxonomy, candidate.specialisation).filter(|role| track(*role) == track(candidate.role)).collect();
    if alike.len() == candidate.equals { alike } else { vec![candidate.role] }
}

/// Families by the confidence in all of their specialisations together, surest first.
fn families(taxonomy: &Taxonomy, answer: &Classification) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for candidate in &answer.candidates {
        let Some(family) = taxonomy.specialisation(candidate.specialisation).family else { continue };
        let share = candidate.confidence / candidate.level_share;
        match found.iter_mut().find(|known| known.entity == Entity::Family(family)) {
            Some(known) => {
                known.confidence = (known.confidence + share).min(1.0);
                known.score = known.confidence;
            }
            None => found.push(Found {
                entity: Entity::Family(family),
                confidence: share,
                score: share,
                is_accepted: false,
                is_known_name: candidate.tier != Tier::Novel,
                level_agrees: true,
            }),
        }
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.entity.cmp(&b.entity)));
    let family = |role: &RoleCandidate| taxonomy.specialisation(role.specialisation).family.map(Entity::Family);
    let first = answer.candidates.first().and_then(family);
    let group = answer.group.as_ref().filter(|group| matches!(group.kind, "specialisation" | "family"));
    let is_sure = answer.decision == Decision::Accept || group.is_some_and(|group| group.decision == Decision::Accept);
    if let Some(best) = found.first_mut() {
        best.is_accepted = is_sure && Some(best.entity) == first;
    }
    found
}

/// Makes sure that an entity whose id or name is the text is among what was found, high.
fn add_own_names(generation: &Generation, text: &str, found: &mut Vec<Found>) {
    let by_id = Entity::find(generation, text.trim());
    let named = generation.names().of(text);
    let mut own: Vec<(Entity, bool)> = by_id.map(|entity| (entity, true)).into_iter().collect();
    own.extend(named.iter().filter(|entity| Some(**entity) != by_id).map(|entity| (*entity, named.len() == 1)));
    for (entity, is_alone) in own {
        let is_family = entity.kind() == EntityKind::Family;
        // What a role's name is worth the engine knows; names of families and ids are nothing else.
        let is_sure = is_alone && (is_family || by_id == Some(entity));
        let score = if is_sure { 1.0 } else { OWN_NAME };
        match found.iter_mut().find(|known| known.entity == entity) {
            Some(known) => {
                known.score = known.score.max(score);
                known.is_known_name = true;
                known.is_accepted |= is_family && is_sure;
            }
            None => found.push(Found { entity, confidence: score, score, is_accepted: is_family && is_sure, is_known_name: true, level_agrees: true }),
        }
    }
}

/// The entities of the ids asked for: nothing else is meant, whatever the texts say.
fn of_ids(generation: &Generation, question: &Question) -> Vec<Found> {
    let mut named: Vec<Entity> = question.ids.iter().filter_map(|id| Entity::find(generation, id.trim())).collect();
    named.sort_unstable();
    named.dedup();
    let is_alone = named.len() == 1;
    let found = named.into_iter().map(|entity| {
        let is_current = entity.roles(generation.taxonomy()).iter().any(|role| generation.taxonomy().role(*role).status != Status::Deprecated);
        Found { entity, confidence: 1.0, score: 1.0, is_accepted: is_alone && is_current, is_known_name: true, level_agrees: true }
    });
    found.collect()
}

/// Without a text: what fulfils every property, each as likely as the others, and none of them a match, for nobody named it.
fn of_conditions(generation: &Generation, question: &Question) -> Vec<Found> {
    let taxonomy = generation.taxonomy();
    let kinds = question.kinds.clone().unwrap_or_else(|| vec![EntityKind::Role]);
    let roles = (0..taxonomy.roles.len() as u32).map(|number| Entity::Role(RoleId(number)));
    let families = (0..taxonomy.families.len() as u32).map(|number| Entity::Family(FamilyId(number)));
    let all = roles.chain(families).filter(|entity| kinds.contains(&entity.kind()));
    let holding: Vec<Entity> = all.filter(|entity| question.conditions.iter().all(|condition| condition.holds(taxonomy, *entity))).collect();
    let confidence = 1.0 / holding.len().max(1) as f32;
    let found = holding.into_iter().take(question.limit);
    found.map(|entity| Found { entity, confidence, score: confidence, is_accepted: false, is_known_name: false, level_agrees: true }).collect()
}

/// Hears the properties, then sorts, cuts and writes out.
fn finish(generation: &Generation, question: &Question, found: Vec<Found>) -> Vec<Candidate> {
    let taxonomy = generation.taxonomy();
    let mut written = Vec::with_capacity(found.len());
    for found in found {
        let held: Vec<(&Condition, bool)> = question.conditions.iter().map(|condition| (condition, condition.holds(taxonomy, found.entity))).collect();
        if held.iter().any(|(condition, holds)| condition.is_required && !holds) {
            continue;
        }
        let disagreeing = held.iter().filter(|(condition, holds)| !holds && condition.is_understood()).count();
        let score = found.score * DISAGREEMENT.powi(disagreeing as i32);
        let mut features = vec![
            Feature { id: "confidence", name: "Confidence", value: FeatureValue::Number(rounded(found.confidence, 1e4)) },
            Feature { id: "known_name", name: "The text is a known name", value: FeatureValue::Flag(found.is_known_name) },
            Feature { id: "level_agrees", name: "The level is the one stated", value: FeatureValue::Flag(found.level_agrees) },
        ];
        if !held.is_empty() {
            let value = FeatureValue::Flag(held.iter().all(|(_, holds)| *holds));
            features.push(Feature { id: "properties_agree", name: "Every property agrees", value });
        }
        let is_match = found.is_accepted && held.iter().all(|(_, holds)| *holds);
        written.push(Candidate { entity: found.entity, score: rounded(score * 100.0, 100.0), is_match, features });
    }
    // Stable: equals stay in the engine's order. A match goes before what is as likely.
    written.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.is_match.cmp(&a.is_match)));
    written.truncate(question.limit);
    // Two names of one row may each be accepted for another role: then neither is.
    if written.iter().filter(|candidate| candidate.is_match).count() > 1 || !written.first().is_some_and(|first| first.is_match) {
        for candidate in &mut written {
            candidate.is_match = false;
        }
    }
    written
}

fn rounded(value: f32, steps: f32) -> f64 {
    f64::from((value * steps).round()) / f64::from(steps)
}

impl Condition {
    /// Whether it chooses among the roles of a specialisation.
    fn tells_levels(&self) -> bool {
        matches!(self.property, Property::Level | Property::Track | Property::Status) && self.is_understood()
    }

    fn is_understood(&self) -> bool {
        self.wanted.iter().any(|wanted| *wanted != Wanted::Unknown)
    }

    /// Whether an entity fulfils it.
    pub(super) fn holds(&self, taxonomy: &Taxonomy, entity: Entity) -> bool {
        let is_of = |wanted: &Wanted| wanted.is_of(self.property, taxonomy, entity);
        match self.quantifier {
            Quantifier::Any => self.wanted.iter().any(is_of),
            Quantifier::All => self.wanted.iter().all(is_of),
            Quantifier::None => !self.wanted.iter().any(is_of),
        }
    }
}
