//! Describes types whose written form is plain text.

use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::RefOr;
use utoipa::{PartialSchema, ToSchema};

use crate::analysis::{InputProblem, NoiseKind};
use crate::taxonomy::{LevelCode, RoleCode};

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).description(Some(description))
}

impl PartialSchema for RoleCode {
    fn schema() -> RefOr<Schema> {
        text("Code of a role").min_length(Some(1)).max_length(Some(200)).into()
    }
}
impl ToSchema for RoleCode {}

impl PartialSchema for LevelCode {
    fn schema() -> RefOr<Schema> {
        text("A track letter and a grade, as in P5").pattern(Some("^[PMES][1-9]$")).into()
    }
}
impl ToSchema for LevelCode {}

impl PartialSchema for NoiseKind {
    fn schema() -> RefOr<Schema> {
        text("Kind of noise, as in work_mode; a lexicon may have kinds of its own").into()
    }
}
impl ToSchema for NoiseKind {}

impl PartialSchema for InputProblem {
    fn schema() -> RefOr<Schema> {
        text("Why a text cannot be read as a title").enum_values(Some(["empty", "too_long"])).into()
    }
}
impl ToSchema for InputProblem {}
