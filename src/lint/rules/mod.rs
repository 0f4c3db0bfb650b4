//! One check a rule, gathered by what they look at; the catalogue gives each its id, weight and reason.

pub(super) mod aliases;
pub(super) mod cards;
pub(super) mod codes;
pub(super) mod collisions;
pub(super) mod components;
pub(super) mod confusable;
pub(super) mod levels;
pub(super) mod mappings;
pub(super) mod one_sided;
pub(super) mod overrides;
pub(super) mod records;
pub(super) mod shared;
pub(super) mod texts;
pub(super) mod years;
