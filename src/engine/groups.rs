//! Turns a ranking into what can be said beside the first role: the candidate set, and the group that is surely right.

use super::{CandidateSet, Engine, GroupAnswer};
use crate::decide::{self, Findings};
use crate::rank::{Leaf, LevelMatch, Ranking};
use crate::taxonomy::SpecialisationId;

/// A group that holds the first candidate.
struct Candidate<'t> {
    kind: &'static str,
    code: &'t str,
    title: &'t str,
    confidence: f32,
    missing: &'static str,
}

impl Engine {
    pub(super) fn set_probability(&self) -> f64 {
        self.fits.sets.as_ref().map_or(0.9, |sets| sets.probability)
    }

    /// The codes of which one is right with the promised probability. Of a novel title the first and what conformal sets add;
    /// of a name all that bear it, and where it is contested as many others as bring the confidences to the promise.
    pub(super) fn set(&self, ranking: &Ranking, leaves: &[Leaf], shares: &[f32]) -> Option<CandidateSet> {
        let probability = self.set_probability();
        let size = if ranking.known {
            let (bearers, others) = shares.split_at(ranking.scored.len());
            let mut held: f32 = bearers.iter().sum();
            let taken = others.iter().take_while(|share| {
                let is_short = f64::from(held) < probability && **share > 0.0;
                held += **share;
                is_short
            });
            bearers.len() + taken.count()
        } else {
            1 + self.fits.sets.as_ref()?.others(shares[0], &ranking.behind())
        };
        let codes = ranking
            .all()
            .enumerate()
            .take(size)
            .map(|(place, scored)| {
                let open = leaves.get(place).is_none_or(|leaf| leaf.equals > 1);
                if open && self.index.has_levels() {
                    self.index.taxonomy.specialisation(scored.specialisation).code.clone()
                } else {
                    let role = leaves.get(place).map(|leaf| leaf.role).or_else(|| {
                        self.index.taxonomy.roles_of(scored.specialisation).next().map(|(id, _)| id)
                    });
                    role.map_or_else(String::new, |role| self.index.taxonomy.role(role).code.to_string())
                }
            })
            .collect();
        Some(CandidateSet { probability, codes })
    }

    /// The deepest group that reaches the threshold; without one, the group of the first candidate's specialisation.
    pub(super) fn group(&self, ranking: &Ranking, shares: &[f32], first: &Leaf, findings: &Findings) -> Option<GroupAnswer> {
        let has_levels = self.index.has_levels();
        let top = ranking.scored[0].specialisation;
        let specialisation = self.index.taxonomy.specialisation(top);
        if has_levels && (findings.group_confidence >= findings.threshold || specialisation.family.is_none()) {
            let missing = match first.level_match {
                LevelMatch::NotStated => Some("which level?".to_owned()),
                LevelMatch::Conflict | LevelMatch::TrackConflict => Some("is this level right?".to_owned()),
                _ => None,
            };
            return Some(GroupAnswer {
                kind: "specialisation",
                code: specialisation.code.clone(),
                title: specialisation.title.clone(),
                confidence: findings.group_confidence,
                decision: decide::decide_group(findings),
                missing,
            });
        }
        if !has_levels && findings.group_confidence >= findings.threshold {
            return None;
        }
        let mut candidates = self.groups_of(top, ranking, shares);
        let sure = candidates.iter().position(|group| group.confidence >= findings.threshold).unwrap_or(0);
        if candidates.is_empty() {
            return None;
        }
        let Candidate { kind, code, title, confidence, missing } = candidates.swap_remove(sure);
        let decided = Findings { confidence, group_confidence: confidence, bearers: 1, runner_up: 0.0, ..findings.clone() };
        let decision = decide::decide_group(&decided);
        Some(GroupAnswer { kind, code: code.to_owned(), title: title.to_owned(), confidence, decision, missing: Some(missing.to_owned()) })
    }

    /// The groups that hold a specialisation, deepest first, each with the confidence of all candidates in it.
    fn groups_of(&self, top: SpecialisationId, ranking: &Ranking, shares: &[f32]) -> Vec<Candidate<'_>> {
        let taxonomy = &self.index.taxonomy;
        let shared = || ranking.all().map(|scored| scored.specialisation).zip(shares);
        let sum = |belongs: &dyn Fn(SpecialisationId) -> bool| shared().filter(|(other, _)| belongs(*other)).map(|(_, share)| share).sum::<f32>().min(1.0);
        let mut found = Vec::new();
        if let Some(family) = taxonomy.specialisation(top).family {
            let record = taxonomy.family(family);
            let confidence = sum(&|other| taxonomy.specialisation(other).family == Some(family));
            found.push(Candidate { kind: "family", code: &record.code, title: &record.title, confidence, missing: "which specialisation?" });
            if let Some(superfunction) = taxonomy.superfunctions.iter().find(|known| known.code == record.superfunction) {
                let own = |other| taxonomy.specialisation(other).family.is_some_and(|family| taxonomy.family(family).superfunction == superfunction.code);
                let (code, title) = (&superfunction.code, &superfunction.title);
                found.push(Candidate { kind: "superfunction", code, title, confidence: sum(&own), missing: "which kind of work?" });
            }
        }
        let own = taxonomy.group_chain(top);
        if own.is_empty() {
            return found;
        }
        let mut inside = vec![0.0; own.len()];
        for (other, share) in shared() {
            let chain = taxonomy.group_chain(other);
            own.iter().zip(&mut inside).filter(|(group, _)| chain.contains(group)).for_each(|(_, sum)| *sum += share);
        }
        found.extend(own.iter().zip(inside).map(|(group, inside)| {
            let record = taxonomy.group(*group);
            Candidate { kind: "scheme_group", code: &record.code, title: &record.title, confidence: f32::min(inside, 1.0), missing: "which occupation?" }
        }));
        found
    }
}
