//! `/v1/families`: the tree above the roles, by superfunction, or by the groups of an outer scheme.

use axum::extract::Request;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::body;
use super::front::Current;
use super::params::quoted;
use super::problem::{Problem, ProblemBody};
use super::records::MAX_CODE_BYTES;
use crate::taxonomy::{FamilyId, GroupId, LevelCode, SpecialisationId, Story, Taxonomy};

/// Which part of the tree is shown, and how deep.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `families` reads")]
pub(super) struct FamiliesRequest {
    /// Code of a superfunction.
    #[param(max_length = 200)]
    superfunction: Option<String>,
    /// Code of a family; it comes with its story and its specialisations.
    #[param(max_length = 200)]
    family: Option<String>,
    /// How deep the tree goes: `family` or `specialisation`.
    #[param(inline)]
    depth: Option<Depth>,
}

/// How deep the tree goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Depth {
    /// To the families, with counts below.
    Family,
    /// To the specialisations.
    Specialisation,
}

/// The tree above the roles.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FamilyTree {
    /// Superfunctions with their families, in the order of the taxonomy.
    superfunctions: Vec<SuperfunctionNode>,
    /// Families of no superfunction.
    families: Vec<FamilyNode>,
    /// Groups of an outer scheme, for a taxonomy that has them.
    groups: Vec<GroupNode>,
}

/// A superfunction.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SuperfunctionNode {
    /// Its code.
    code: String,
    /// Its title.
    title: String,
    /// Number of roles below.
    roles: usize,
    /// Its families.
    families: Vec<FamilyNode>,
}

/// A family.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct FamilyNode {
    /// Its code.
    code: String,
    /// Its title.
    title: String,
    /// One sentence.
    summary: String,
    /// Number of roles below.
    roles: usize,
    /// Number of specialisations below.
    specialisation_count: usize,
    /// Its specialisations, when the tree goes as deep.
    #[serde(skip_serializing_if = "Option::is_none")]
    specialisations: Option<Vec<SpecialisationNode>>,
    /// Its story, when one family is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<Story>,
}

/// A specialisation.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct SpecialisationNode {
    /// Its code.
    code: String,
    /// Its title.
    title: String,
    /// One or more sentences.
    summary: String,
    /// Its roles by level.
    roles: Vec<LeafNode>,
}

/// A role in the tree.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct LeafNode {
    /// Its code.
    code: String,
    /// Its title.
    title: String,
    /// Its level.
    level: Option<LevelCode>,
}

/// A group of an outer scheme.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct GroupNode {
    /// Its code.
    code: String,
    /// Its title.
    title: String,
    /// Its scheme.
    scheme: String,
    /// Number of roles below.
    roles: usize,
    /// Groups below.
    #[schema(no_recursion)]
    groups: Vec<GroupNode>,
}

/// Show the tree of families
///
/// Superfunctions with their families; the roles themselves are at `/v1/roles?family=CODE`.
#[utoipa::path(get, path = "/v1/families", tag = "taxonomy", params(FamiliesRequest), responses(
    (status = 200, description = "The tree", body = FamilyTree),
    (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
pub(super) async fn families(Current(generation): Current, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let mut params = body::query_params(&parts, &["superfunction", "family", "depth"])?;
    let superfunction = params.short("superfunction", MAX_CODE_BYTES)?;
    let family = params.short("family", MAX_CODE_BYTES)?;
    let depth = match params.text("depth")?.as_deref() {
        None | Some("family") => Depth::Family,
        Some("specialisation") => Depth::Specialisation,
        Some(other) => return Err(Problem::out_of_range("depth", format!("{} is no depth", quoted(other)), "family or specialisation")),
    };
    Ok(body::json(&tree(generation.taxonomy(), superfunction.as_deref(), family.as_deref(), depth)))
}

fn tree(taxonomy: &Taxonomy, superfunction: Option<&str>, family: Option<&str>, depth: Depth) -> FamilyTree {
    let nodes = family_nodes(taxonomy, family, depth);
    let of = |code: &str| -> Vec<FamilyNode> { nodes.iter().filter(|(above, _)| *above == code).map(|(_, node)| node.clone()).collect() };
    let narrowed = superfunction.is_some() || family.is_some();
    let superfunctions = taxonomy
        .superfunctions
        .iter()
        .filter(|known| superfunction.is_none_or(|code| known.code == code))
        .map(|known| (known, of(&known.code)))
        .filter(|(_, families)| !narrowed || !families.is_empty())
        .map(|(known, families)| SuperfunctionNode {
            code: known.code.clone(),
            title: known.title.clone(),
            roles: families.iter().map(|node| node.roles).sum(),
            families,
        })
        .collect();
    let is_orphan = |above: &str| !taxonomy.superfunctions.iter().any(|known| known.code == above);
    let orphans = nodes.iter().filter(|(above, _)| superfunction.is_none() && is_orphan(above)).map(|(_, node)| node.clone()).collect();
    let groups = if narrowed { Vec::new() } else { group_nodes(taxonomy) };
    FamilyTree { superfunctions, families: orphans, groups }
}

/// Families with the code of their superfunction.
fn family_nodes<'a>(taxonomy: &'a Taxonomy, wanted: Option<&str>, depth: Depth) -> Vec<(&'a str, FamilyNode)> {
    let mut specialisations: Vec<Vec<SpecialisationId>> = vec![Vec::new(); taxonomy.families.len()];
    for (number, specialisation) in taxonomy.specialisations.iter().enumerate() {
        if let Some(FamilyId(family)) = specialisation.family {
            specialisations[family as usize].push(SpecialisationId(number as u32));
        }
    }
    let families = taxonomy.families.iter().zip(&specialisations).filter(|(family, _)| wanted.is_none_or(|code| family.code == code));
    families
        .map(|(family, below)| {
            let deep = wanted.is_some() || depth == Depth::Specialisation;
            let node = FamilyNode {
                code: family.code.clone(),
                title: family.title.clone(),
                summary: family.summary.clone(),
                roles: below.iter().map(|id| taxonomy.roles_of(*id).count()).sum(),
                specialisation_count: below.len(),
                specialisations: deep.then(|| below.iter().map(|id| specialisation_node(taxonomy, *id)).collect()),
                story: wanted.and(family.story.clone()),
            };
            (family.superfunction.as_str(), node)
        })
        .collect()
}

fn specialisation_node(taxonomy: &Taxonomy, id: SpecialisationId) -> SpecialisationNode {
    let specialisation = taxonomy.specialisation(id);
    let leaf = |code: String, title: &str, level: Option<LevelCode>| LeafNode { code, title: title.to_owned(), level };
    SpecialisationNode {
        code: specialisation.code.clone(),
        title: specialisation.title.clone(),
        summary: specialisation.summary.clone(),
        roles: taxonomy.roles_of(id).map(|(_, role)| leaf(role.code.to_string(), &role.title, role.level)).collect(),
    }
}

/// The groups as trees; a parent stands before its children in the taxonomy, so children are made first by going backwards.
fn group_nodes(taxonomy: &Taxonomy) -> Vec<GroupNode> {
    let mut roles = vec![0; taxonomy.groups.len()];
    for role in &taxonomy.roles {
        for GroupId(group) in taxonomy.group_chain(role.specialisation) {
            roles[group as usize] += 1;
        }
    }
    let mut below: Vec<Vec<GroupNode>> = taxonomy.groups.iter().map(|_| Vec::new()).collect();
    let mut tops = Vec::new();
    for (number, group) in taxonomy.groups.iter().enumerate().rev() {
        let mut groups = std::mem::take(&mut below[number]);
        groups.reverse();
        let node = GroupNode { code: group.code.clone(), title: group.title.clone(), scheme: group.scheme.clone(), roles: roles[number], groups };
        match group.parent {
            Some(GroupId(parent)) if (parent as usize) < number => below[parent as usize].push(node),
            _ => tops.push(node),
        }
    }
    tops.reverse();
    tops
}
