//! Chooses the role of a specialisation: the level that the title states, else the usual one.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::analysis::Query;
use crate::index::Index;
use crate::taxonomy::{GradeRange, INDIVIDUAL_FIRST, LevelCode, RoleId, SpecialisationId, Taxonomy};

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
    /// How many roles of the specialisation are possible.
    pub equals: usize,
    /// Probability that it is the right one of those, the specialisation being right.
    pub share: f32,
    /// Track and grades that were looked for.
    pub wanted: Option<GradeRange>,
}

/// Chooses among the roles of a specialisation. `name` is the number of the name that matched; `office_covered` tells
/// whether that name already contains the title's office word.
pub fn choose(index: &Index, usual: &UsualRoles, query: &Query, specialisation: SpecialisationId, name: Option<u32>, office_covered: bool) -> Leaf {
    let taxonomy = &index.taxonomy;
    let usual = || usual.of(taxonomy, specialisation);
    let named_role = name.and_then(|name| index.names.facts[name as usize].role()).filter(|role| taxonomy.role(*role).specialisation == specialisation);
    let stated = query.level.as_ref().map(|level| &level.ranges);
    if let Some(role) = named_role {
        let own = taxonomy.role(role).level;
        let covered = query.level.as_ref().is_none_or(|level| name.is_some_and(|name| name_has_words(index, name, &level.word)));
        let further = if covered { None } else { own.and_then(|own| stated.and_then(|ranges| ranges.on(own.track))) };
        return match further {
            None => Leaf { role, level_match: LevelMatch::Match, equals: 1, share: 1.0, wanted: None },
            Some(range) => nearest(taxonomy, specialisation, range).unwrap_or(Leaf { role, level_match: LevelMatch::Compatible, equals: 1, share: 1.0, wanted: Some(range) }),
        };
    }
    if let Some(office) = query.office.as_ref().filter(|_| !office_covered) {
        for range in &office.ranges.0 {
            let range = stated.and_then(|ranges| ranges.on(range.track)).unwrap_or(*range);
            if let Some(leaf) = nearest(taxonomy, specialisation, range) {
                return leaf;
            }
        }
        let mut leaf = usual();
        if own_level(taxonomy, leaf.role).is_some_and(|level| level.track.is_individual()) {
            leaf.level_match = LevelMatch::TrackConflict;
        }
        return leaf;
    }
    let Some(stated) = stated.filter(|ranges| !ranges.0.is_empty()) else {
        let leaf = usual();
        let leads = own_level(taxonomy, leaf.role).is_some_and(|level| !level.track.is_individual());
        let Some(office) = query.office.as_ref().filter(|_| leads) else { return leaf };
        // "Supervisor" in the name of a work that is all leading states the grade as well, unless that work is usually of
        // a grade that the word does not mean elsewhere: an executive director is no director.
        let is_usual = |range: &GradeRange| own_level(taxonomy, leaf.role).is_some_and(|own| own.track == range.track && range.gap(own.grade) == 0);
        if office.ranges.0.iter().any(is_usual) {
            return Leaf { level_match: LevelMatch::Match, equals: 1, share: 1.0, ..leaf };
        }
        let nearest = office.ranges.0.iter().filter_map(|range| nearest(taxonomy, specialisation, *range)).min_by_key(|leaf| leaf.level_match);
        return nearest.filter(|found| found.level_match == LevelMatch::Match).unwrap_or(leaf);
    };
    let mut found: Option<Leaf> = None;
    for track in INDIVIDUAL_FIRST {
        let Some(leaf) = stated.on(track).and_then(|range| nearest(taxonomy, specialisation, range)) else { continue };
        if found.is_none_or(|known| leaf.level_match < known.level_match) {
            found = Some(leaf);
        }
    }
    found.unwrap_or_else(|| {
        let mut leaf = usual();
        if taxonomy.has_levels() {
            leaf.level_match = LevelMatch::TrackConflict;
        }
        leaf
    })
}

fn own_level(taxonomy: &Taxonomy, role: RoleId) -> Option<LevelCode> {
    taxonomy.role(role).level
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
    Some(Leaf { role, level_match, equals, share: 1.0 / equals as f32, wanted: Some(range) })
}

/// How much less likely each grade away from the usual one makes a level of a title that states none: what makes the judged
/// levels of `tests/judgements/common-titles.tsv` likeliest (0.35 to 0.4; equal shares make them a fifth less likely each).
const GRADE_DECAY: f32 = 0.4;

/// The role of every specialisation for titles that state no level, each worked out when it is first asked for: most titles
/// ask for several.
#[derive(Debug)]
pub struct UsualRoles(Vec<OnceLock<Leaf>>);

impl UsualRoles {
    /// Those of a taxonomy, none of them worked out yet.
    pub fn new(taxonomy: &Taxonomy) -> Self {
        Self(taxonomy.specialisations.iter().map(|_| OnceLock::new()).collect())
    }

    fn of(&self, taxonomy: &Taxonomy, specialisation: SpecialisationId) -> Leaf {
        *self.0[specialisation.0 as usize].get_or_init(|| usual(taxonomy, specialisation))
    }
}

/// The role of a title that states no level: the one that bears the bare name of its specialisation, which is how a
/// taxonomy says what is usual, else the middle of the first track.
fn usual(taxonomy: &Taxonomy, specialisation: SpecialisationId) -> Leaf {
    let roles: Vec<(RoleId, Option<LevelCode>, bool)> = taxonomy
        .roles_of(specialisation)
        .map(|(id, role)| (id, role.level, role.title == taxonomy.specialisation(specialisation).title))
        .collect();
    let middle = |bare: bool| LevelCode::usual_of(roles.iter().filter(|role| role.2 || !bare).filter_map(|role| role.1));
    let level = middle(true).or_else(|| middle(false));
    let role = roles.iter().find(|role| role.1 == level).or(roles.first()).map_or(RoleId(0), |role| role.0);
    let Some(level) = level else { return Leaf { role, level_match: LevelMatch::NotStated, equals: 1, share: 1.0, wanted: None } };
    let likelihood = |other: LevelCode| GRADE_DECAY.powi(i32::from(other.grade.abs_diff(level.grade)));
    let on_track = roles.iter().filter_map(|role| role.1).filter(|other| other.track == level.track);
    let (equals, all) = on_track.fold((0, 0.0), |(count, sum), other| (count + 1, sum + likelihood(other)));
    Leaf { role, level_match: LevelMatch::NotStated, equals, share: 1.0 / all, wanted: None }
}
