//! Answers a title that needs no ranking: a code of the taxonomy, or an override.

use super::{CandidateSet, Classification, Engine, MatchOptions, MatchedName, Override, RoleCandidate, Tier};
use crate::analysis::Query;
use crate::decide::{Decision, Reason};
use crate::taxonomy::{RoleId, Status};

impl Engine {
    pub(super) fn by_code(&self, title: &str, query: &Query, role: RoleId, options: &MatchOptions) -> Classification {
        let successor = self.successor(role);
        let mut candidate = self.settled(successor, Tier::Code, 1.0);
        if successor == role {
            candidate.matched = Some(MatchedName { text: title.trim().to_owned(), field: "code".to_owned(), approved: true, lang: String::new() });
        }
        self.settled_answer(title, query, candidate, options)
    }

    pub(super) fn by_override(&self, title: &str, query: &Query, found: &Override, options: &MatchOptions) -> Classification {
        let Some(role) = self.index.find_role(&found.code) else {
            return self.rejected(title, query, None, Reason::NoCandidates, options);
        };
        let mut candidate = self.settled(self.successor(role), Tier::Override, 1.0);
        candidate.matched = Some(MatchedName { text: found.title.clone(), field: "override".to_owned(), approved: true, lang: String::new() });
        self.settled_answer(title, query, candidate, options)
    }

    fn settled_answer(&self, title: &str, query: &Query, candidate: RoleCandidate, options: &MatchOptions) -> Classification {
        let deprecated = candidate.status == Status::Deprecated;
        let codes = vec![candidate.code.to_string()];
        let mut candidates = vec![candidate];
        self.finish_candidates(&mut candidates, options);
        Classification {
            input: title.to_owned(),
            decision: if deprecated { Decision::Review } else { Decision::Accept },
            reasons: if deprecated { vec![Reason::DeprecatedRole] } else { Vec::new() },
            parsed: self.plain_parsed(query, options),
            candidates,
            set: Some(CandidateSet { probability: self.set_probability(), codes }),
            group: None,
            parts: Vec::new(),
            meta: self.meta(options),
        }
    }

    /// The role that stands for a deprecated one; itself otherwise.
    pub(super) fn successor(&self, role: RoleId) -> RoleId {
        let mut current = role;
        // As many steps as there can be without going round.
        for _ in 0..self.index.taxonomy.roles.len() {
            let record = self.index.taxonomy.role(current);
            let next = (record.status == Status::Deprecated).then_some(record.superseded_by.as_ref()).flatten();
            match next.and_then(|code| self.index.find_role(code.as_str())) {
                Some(next) => current = next,
                None => break,
            }
        }
        current
    }
}
