//! Turns the coordinates of two roles into a structural distance in [0, 1] and a band.
//!
//! The coordinates are (superfunction, family, specialisation, track, grade). The distance is symmetric, 0 only between a
//! role and itself, and never falls when a shared part of the path is lost or the gap in grade widens. It says nothing
//! about words: textual similarity is another measure.

use serde::{Deserialize, Serialize};

use super::{RoleId, Taxonomy};

/// The widest possible gap in grade: a larger one costs no more.
const WIDEST_GRADE_GAP: f32 = 5.0;

/// Cost between two different roles whose coordinates are equal, so that only a role itself is at 0.
const SMALLEST_DISTANCE: f32 = 0.01;

/// Weights, cut points and names of bands, from the taxonomy's manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DistanceRules {
    /// Cost of another superfunction.
    pub superfunction: f32,
    /// Cost of another family.
    pub family: f32,
    /// Cost of another specialisation.
    pub specialisation: f32,
    /// Cost of another track.
    pub track: f32,
    /// Cost of the widest gap in grade.
    pub grade: f32,
    /// Upper end of the first band.
    pub near: f32,
    /// Upper end of the second band.
    pub far: f32,
    /// Names of the three bands, nearest first.
    pub bands: [String; 3],
}

impl Default for DistanceRules {
    fn default() -> Self {
        Self {
            superfunction: 0.30,
            family: 0.25,
            specialisation: 0.15,
            track: 0.12,
            grade: 0.18,
            near: 0.20,
            far: 0.50,
            bands: ["near", "related", "far"].map(str::to_owned),
        }
    }
}

/// One of the three bands of a distance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band(pub String);

impl DistanceRules {
    /// The band of a distance.
    pub fn band(&self, distance: f32) -> Band {
        let position = usize::from(distance >= self.near) + usize::from(distance >= self.far);
        Band(self.bands[position].clone())
    }
}

impl Taxonomy {
    /// Structural distance of two roles.
    pub fn distance(&self, a: RoleId, b: RoleId) -> f32 {
        if a == b {
            return 0.0;
        }
        let rules = &self.manifest.distance;
        let (role_a, role_b) = (self.role(a), self.role(b));
        let mut distance = 0.0;
        if role_a.specialisation != role_b.specialisation {
            distance += rules.specialisation;
            let spec_a = self.specialisation(role_a.specialisation);
            let spec_b = self.specialisation(role_b.specialisation);
            distance += match (spec_a.family, spec_b.family) {
                (Some(x), Some(y)) if x == y => 0.0,
                (Some(x), Some(y)) if self.family(x).superfunction == self.family(y).superfunction => rules.family,
                (None, None) => (rules.family + rules.superfunction) * self.group_gap(role_a.specialisation, role_b.specialisation),
                _ => rules.family + rules.superfunction,
            };
        }
        if let (Some(level_a), Some(level_b)) = (role_a.level, role_b.level) {
            if level_a.track != level_b.track {
                distance += rules.track;
            }
            let gap = f32::from(level_a.grade.abs_diff(level_b.grade));
            distance += rules.grade * (gap / WIDEST_GRADE_GAP).min(1.0);
        }
        distance.clamp(SMALLEST_DISTANCE, 1.0)
    }

    /// Share of the group path that two specialisations do not have in common, for taxonomies without families.
    fn group_gap(&self, a: super::SpecialisationId, b: super::SpecialisationId) -> f32 {
        let (mut chain_a, mut chain_b) = (self.group_chain(a), self.group_chain(b));
        chain_a.reverse();
        chain_b.reverse();
        let longest = chain_a.len().max(chain_b.len());
        if longest == 0 {
            return 1.0;
        }
        let shared = chain_a.iter().zip(&chain_b).take_while(|(x, y)| x == y).count();
        1.0 - shared as f32 / longest as f32
    }

    /// The nearest other roles with their distances, nearest first, ties by code.
    pub fn adjacent(&self, role_id: RoleId, limit: usize) -> Vec<(RoleId, f32)> {
        let mut all: Vec<(RoleId, f32)> = (0..self.roles.len() as u32)
            .map(RoleId)
            .filter(|other| *other != role_id)
            .map(|other| (other, self.distance(role_id, other)))
            .collect();
        all.sort_by(|x, y| x.1.total_cmp(&y.1).then_with(|| self.role(x.0).code.cmp(&self.role(y.0).code)));
        all.truncate(limit);
        all
    }
}
