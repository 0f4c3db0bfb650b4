//! Chooses the role of a specialisation: the level that the title states, else the usual one.

use serde::{Deserialize, Serialize};

use crate::analysis::Query;
use crate::index::Index;
use crate::taxonomy::{GradeRange, RoleId, SpecialisationId, Taxonomy, Track};

/// How the level of a role stands to what the title states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum LevelMatch {
    /// The role's level is the one stated.
    Match,
    /// One grade away from it.
    Compatible,
    /// The title states no level, or the taxonomy has none.
    NotStated,
    /// More than one grade away.
    Conflict,
    /// On another kind of track: a manager was asked for where the specialisation has none, or the other way round.
    TrackConflict,
}

/// The role chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf {
    /// The role.
    pub role: RoleId,
    /// How its level stands to the title.
    pub level_match: LevelMatch,
    /// How many roles of the specialisation are as good a choice: its share of certainty is one of so many.
    pub equals: usize,
    /// Track and grades that were looked for.
    pub wanted: Option<GradeRange>,
}

/// Tracks in the order in which a title without office is placed: individual work first.
const INDIVIDUAL_FIRST: [Track; 4] = [Track::P, Track::S, Track::M, Track::E];

/// Chooses among the roles of a specialisation. `name` is the number of the name that matched; `office_covered` tells
/// whether that name already contains the title's office word.
pub fn choose(index: &Index, query: &Query, specialisation: SpecialisationId, name: Option<u32>, office_covered: bool) -> Leaf {
    let taxonomy = &index.taxonomy;
    let named_role = name.and_then(|name| index.names.facts[name as usize].role()).filter(|role| taxonomy.role(*role).specialisation == specialisation);
    let stated = query.level.as_ref().map(|level| &level.ranges);
    if let Some(role) = named_role {
        let own = taxonomy.role(role).level;
        let covered = query.level.as_ref().is_none_or(|level| name.is_some_and(|name| name_has_words(index, name, &level.word)));
        let further = if covered { None } else { own.and_then(|own| stated.and_then(|ranges| ranges.on(own.track))) };
        return match further {
            None => Leaf { role, level_match: LevelMatch::Match, equals: 1, wanted: None },
            Some(range) => nearest(taxonomy, specialisation, range).unwrap_or(Leaf { role, level_match: LevelMatch::Compatible, equals: 1, wanted: Some(range) }),
        };
    }
    if let Some(office) = query.office.as_ref().filter(|_| !office_covered) {
        for range in &office.ranges.0 {
            let range = stated.and_then(|ranges| ranges.on(range.track)).unwrap_or(*range);
            if let Some(leaf) = nearest(taxonomy, specialisation, range) {
                return leaf;
            }
        }
        let mut leaf = usual(taxonomy, specialisation);
        if taxonomy.role(leaf.role).level.is_some_and(|level| level.track.is_individual()) {
            leaf.level_match = LevelMatch::TrackConflict;
        }
        return leaf;
    }
    let Some(stated) = stated.filter(|ranges| !ranges.0.is_empty()) else {
        let leaf = usual(taxonomy, specialisation);
        let leads = taxonomy.role(leaf.role).level.is_some_and(|level| !level.track.is_individual());
        let office = query.office.as_ref().filter(|_| leads).and_then(|office| {
            office.ranges.0.iter().filter_map(|range| nearest(taxonomy, specialisation, *range)).min_by_key(|leaf| leaf.level_match)
        });
        // "Supervisor" in the name of a work that is all leading states the grade as well.
        return office.unwrap_or(leaf);
    };
    let mut found: Option<Leaf> = None;
    for track in INDIVIDUAL_FIRST {
        let Some(leaf) = stated.on(track).and_then(|range| nearest(taxonomy, specialisation, range)) else { continue };
        if found.is_none_or(|known| leaf.level_match < known.level_match) {
            found = Some(leaf);
        }
    }
    found.unwrap_or_else(|| {
        let mut leaf = usual(taxonomy, specialisation);
        if taxonomy.has_levels() {
            leaf.level_match = LevelMatch::TrackConflict;
        }
        leaf
    })
}

fn name_has_words(index: &Index, name: u32, words: &str) -> bool {
    let numbers = index.names.word_lists.get(name);
    words.split(' ').all(|word| index.names.word_number(word).is_some_and(|number| numbers.contains(&number)))
}

/// The role on a track whose grade is nearest to a range; the lower of two equally near.
fn nearest(taxonomy: &Taxonomy, specialisation: SpecialisationId, range: GradeRange) -> Option<Leaf> {
    let on_track: Vec<(u8, u8, RoleId)> = taxonomy
        .roles_of(specialisation)
        .filter_map(|(id, role)| role.level.filter(|level| level.track == range.track).map(|level| (range.gap(level.grade), level.grade, id)))
        .collect();
    let (gap, _, role) = on_track.iter().copied().min()?;
    let equals = on_track.iter().filter(|other| other.0 == gap).count();
    let level_match = match gap {
        0 => LevelMatch::Match,
        1 => LevelMatch::Compatible,
        _ => LevelMatch::Conflict,
    };
    Some(Leaf { role, level_match, equals, wanted: Some(range) })
}

/// Grade at which people usually are who state none: the one whose title is the bare name.
const USUAL_GRADE: u8 = 3;
/// The same on the management and executive tracks.
const USUAL_MANAGEMENT_GRADE: u8 = 2;

/// The role of a title that states no level.
fn usual(taxonomy: &Taxonomy, specialisation: SpecialisationId) -> Leaf {
    let mut roles: Vec<(usize, u8, RoleId)> = taxonomy
        .roles_of(specialisation)
        .map(|(id, role)| match role.level {
            None => (0, 0, id),
            Some(level) => {
                let usual = if level.track.is_individual() { USUAL_GRADE } else { USUAL_MANAGEMENT_GRADE };
                let track = INDIVIDUAL_FIRST.iter().position(|track| *track == level.track).unwrap_or_default();
                (track, level.grade.abs_diff(usual), id)
            }
        })
        .collect();
    roles.sort_unstable();
    let (track, _, role) = roles.first().copied().unwrap_or((0, 0, RoleId(0)));
    let equals = roles.iter().filter(|other| other.0 == track).count().max(1);
    Leaf { role, level_match: LevelMatch::NotStated, equals, wanted: None }
}
