//! Turns the text of a role's page into a loaded taxonomy whose parts know their lines, with the counts of its headings.

use std::path::Path;
use std::sync::Arc;

use crate::corpus::{Loaded, Place, Places, RecordPlaces};
use crate::import::{self, ImportError};

use super::Extras;

/// Imports a page for lint.
///
/// # Errors
/// Those of [`import::page`].
pub fn page(path: &Path) -> Result<(Loaded, Extras), ImportError> {
    let taxonomy = import::page(path)?.taxonomy;
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let file: Arc<str> = path.display().to_string().into();
    let lines: Vec<&str> = text.lines().collect();
    let at = |found: Option<usize>| Place { file: file.clone(), line: found.map_or(1, |position| position as u32 + 1) };
    let line_with = |matches: &dyn Fn(&str) -> bool| at(lines.iter().position(|line| matches(line.trim())));
    let mut places = Places { manifest: Some(at(Some(0))), ..Places::default() };
    places.levels = taxonomy.levels.iter().map(|level| line_with(&|line| line.starts_with(&format!("Level — {}", level.code)))).collect();
    places.families = taxonomy.families.iter().map(|_| RecordPlaces::on_one_line(at(None), 0, 0, 0)).collect();
    places.specialisations = taxonomy.specialisations.iter().map(|_| RecordPlaces::on_one_line(at(None), 0, 0, 0)).collect();
    for role in &taxonomy.roles {
        let mut record = RecordPlaces::on_one_line(line_with(&|line| line == role.code.as_str()), 0, 0, 0);
        record.fields.insert("title".to_owned(), line_with(&|line| line == role.title).line);
        record.fields.insert("record_confidence".to_owned(), record.place.line + 2);
        record.fields.insert("story".to_owned(), line_with(&|line| line == "The story of this role").line);
        record.fields.insert("core_outputs".to_owned(), line_with(&|line| line == "Core outputs").line);
        // Text and chips are glued on the page, which tells an alias from the title that it repeats.
        record.aliases =
            role.aliases.iter().map(|alias| line_with(&|line| line.starts_with(&format!("{}{}", alias.text, alias.alias_type.name())))).collect();
        record.components = role
            .components
            .iter()
            .map(|component| line_with(&|line| line.ends_with(&format!("{}{}{}", component.text, component.commonality, component.basis))))
            .collect();
        record.mappings = role.mappings.iter().map(|mapping| line_with(&|line| line.contains(&format!("code={}", mapping.code)))).collect();
        places.roles.push(record);
    }
    let stated_counts = lines
        .iter()
        .enumerate()
        .filter_map(|(position, line)| {
            let (kind, count) = import::component_heading(line.trim())?;
            Some((kind, count, at(Some(position))))
        })
        .collect();
    Ok((Loaded { taxonomy, places }, Extras { stated_counts, ..Extras::default() }))
}
