//! Turns the plain text of one role's page, its chips glued together, into a taxonomy with that role.
//!
//! The page is read section by section, told by their headings. What it says is taken as it stands: an alias nobody approved
//! stays unapproved, a mapping nobody reviewed unreviewed. Counts beside headings are check digits. Every line that no rule
//! reads becomes a notice with its number, so that nothing is lost in silence.

use std::path::Path;

use crate::corpus::{built_in_lexicon, granularity};
use crate::taxonomy::{
    Alias, Component, ComponentKind, Experience, Family, FamilyId, Level, LevelCode, Manifest, Mapping, Relation, ReviewStatus, Role,
    RoleCode, Specialisation, SpecialisationId, Story, Taxonomy, TrackInfo,
};

use super::chips::{self, RoleChips};
use super::table::read_utf8;
use super::{ImportError, Imported, Notice, name_of};

/// Who the names and components of a page come from.
const PROVENANCE: &str = "page";

/// Headings of sections, as written.
const HEADINGS: [(&str, Section); 12] = [
    ("The story of this role", Section::Story),
    ("Who does this work", Section::Who),
    ("The problem this role solves", Section::Problem),
    ("The plan", Section::Plan),
    ("What's at stake", Section::Stakes),
    ("Success looks like", Section::Success),
    ("Summary", Section::Summary),
    ("Core outputs", Section::CoreOutputs),
    ("Adjacent roles", Section::Adjacent),
    ("Components", Section::Components(None)),
    ("Title aliases", Section::Aliases),
    ("Classification mappings", Section::Mappings),
];

/// Labels of a level's facets; the value is the next line.
const FACETS: [&str; 7] = ["Scope", "Autonomy", "Complexity", "Impact", "Decision rights", "Leadership", "Typical experience"];

/// Begins of the lines of the adjacent roles that are the same on every page.
const ADJACENT_BOILERPLATE: [&str; 2] = ["Nearest roles by structural coordinates", "How coordinates work"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Head,
    Story,
    Who,
    Problem,
    Plan,
    Stakes,
    Success,
    Summary,
    Level,
    CoreOutputs,
    Adjacent,
    Components(Option<ComponentKind>),
    Aliases,
    Mappings,
}

/// What has been read so far.
#[derive(Default)]
struct Page {
    file: String,
    taxonomy_title: String,
    title: String,
    code: Option<RoleCode>,
    chips: Option<RoleChips>,
    summary: String,
    story: Option<Story>,
    level_code: Option<LevelCode>,
    level: Option<Level>,
    facet: Option<&'static str>,
    core_outputs: Option<Vec<String>>,
    components: Vec<Component>,
    counts: Vec<(ComponentKind, usize, u32)>,
    aliases: Vec<Alias>,
    scheme: String,
    mappings: Vec<Mapping>,
    notices: Vec<Notice>,
}

/// Imports a page.
///
/// # Errors
/// See [`ImportError`]; a text without title and code is no page.
pub fn page(path: &Path) -> Result<Imported, ImportError> {
    page_text(&name_of(path), &read_utf8(path)?)
}

/// Imports a page from its text; `file` stands for it in messages.
///
/// # Errors
/// As [`page`].
pub fn page_text(file: &str, text: &str) -> Result<Imported, ImportError> {
    let mut page = Page { file: file.to_owned(), ..Page::default() };
    let mut section = Section::Head;
    for (position, line) in text.lines().enumerate() {
        let (number, line) = (position as u32 + 1, line.trim());
        if line.is_empty() {
            continue;
        }
        match page.heading(line, section, number) {
            Some(next) => section = next,
            None => page.line(line, section, number),
        }
    }
    page.check_counts();
    page.finish()
}

impl Page {
    fn notice(&mut self, line: u32, message: String) {
        self.notices.push(Notice { file: self.file.clone(), line, message });
    }

    /// The section that a heading opens.
    fn heading(&mut self, line: &str, section: Section, number: u32) -> Option<Section> {
        let plain = line.replace('’', "'");
        if let Some((_, next)) = HEADINGS.iter().find(|(heading, _)| *heading == plain) {
            if *next == Section::Story {
                self.story.get_or_insert_default();
            }
            return Some(*next);
        }
        if let Some(rest) = line.strip_prefix("Level — ") {
            let code = rest.split_once(" — ").and_then(|(code, label)| Some((LevelCode::parse(code)?, label)));
            let Some((code, label)) = code else {
                self.notice(number, format!("{line:?} names no level: expected Level — P5 — its label"));
                return Some(Section::Level);
            };
            self.level = Some(Level { label: label.to_owned(), ..Level::bare(code) });
            return Some(Section::Level);
        }
        if matches!(section, Section::Components(_)) && let Some((kind, count)) = chips::component_heading(line) {
            self.counts.push((kind, count, number));
            return Some(Section::Components(Some(kind)));
        }
        None
    }

    fn line(&mut self, line: &str, section: Section, number: u32) {
        let bullet = line.strip_prefix('•').or_else(|| line.strip_prefix("- ")).map(str::trim);
        let text = bullet.unwrap_or(line);
        let is_read = match section {
            Section::Head => self.head(line),
            Section::Story => false,
            Section::Who | Section::Stakes | Section::Success => self.story_paragraph(text, section),
            Section::Problem => self.problem(text),
            Section::Plan => self.plan(text),
            Section::Summary => self.summary(text, number),
            Section::Level => self.level_line(text),
            Section::CoreOutputs => self.core_output(line, bullet),
            Section::Adjacent => ADJACENT_BOILERPLATE.iter().any(|known| line.starts_with(known)),
            Section::Components(kind) => self.component(kind, bullet),
            Section::Aliases => self.alias(text, number),
            Section::Mappings => self.mapping(line, bullet),
        };
        if !is_read {
            self.notice(number, format!("{line:?} fits no rule here and is left out"));
        }
    }

    /// Way back, title, code, chips and summary, in this order.
    fn head(&mut self, line: &str) -> bool {
        if let Some(back) = line.strip_prefix('←') {
            back.trim().clone_into(&mut self.taxonomy_title);
        } else if self.title.is_empty() {
            line.clone_into(&mut self.title);
        } else if self.code.is_none() {
            self.code = RoleCode::new(line).ok().filter(|_| !line.contains(' '));
            return self.code.is_some();
        } else if self.chips.is_none() && let Some(chips) = chips::role_chips(line) {
            self.chips = Some(chips);
        } else {
            append(&mut self.summary, line);
        }
        true
    }

    fn story_paragraph(&mut self, text: &str, section: Section) -> bool {
        let story = self.story.get_or_insert_default();
        let part = match section {
            Section::Who => &mut story.who,
            Section::Stakes => &mut story.stakes,
            _ => &mut story.success,
        };
        append(part, text);
        true
    }

    fn problem(&mut self, text: &str) -> bool {
        let problem = &mut self.story.get_or_insert_default().problem;
        let Some((label, rest)) = text.split_once(':') else { return false };
        let part = match label.trim() {
            "The external problem" => &mut problem.external,
            "The internal problem" => &mut problem.internal,
            "Why it matters" => &mut problem.why,
            _ => return false,
        };
        append(part, rest.trim());
        true
    }

    /// Steps are numbered; a line without number goes on with the step before.
    fn plan(&mut self, text: &str) -> bool {
        let plan = &mut self.story.get_or_insert_default().plan;
        let step = text.split_once('.').filter(|(number, _)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        match (step, plan.last_mut()) {
            (Some((_, step)), _) => plan.push(step.trim().to_owned()),
            (None, Some(last)) => append(last, text),
            (None, None) => return false,
        }
        true
    }

    /// The section repeats the sentence at the head of the page.
    fn summary(&mut self, text: &str, number: u32) -> bool {
        if self.summary.is_empty() {
            text.clone_into(&mut self.summary);
        } else if self.summary != text {
            self.notice(number, "the summary differs from the one at the head of the page, which is kept".to_owned());
        }
        true
    }

    fn level_line(&mut self, text: &str) -> bool {
        let Some(level) = &mut self.level else { return false };
        if let Some(facet) = FACETS.into_iter().find(|facet| *facet == text) {
            self.facet = Some(facet);
            return true;
        }
        let part = match self.facet {
            None => &mut level.sentence,
            Some("Scope") => &mut level.scope,
            Some("Autonomy") => &mut level.autonomy,
            Some("Complexity") => &mut level.complexity,
            Some("Impact") => &mut level.impact,
            Some("Decision rights") => &mut level.decision_rights,
            Some("Leadership") => &mut level.leadership,
            Some(_) => {
                let years = chips::years(text);
                if let Some((min, max)) = years {
                    level.experience = Some(Experience { min, max });
                }
                return years.is_some();
            }
        };
        append(part, text);
        true
    }

    fn core_output(&mut self, line: &str, bullet: Option<&str>) -> bool {
        let outputs = self.core_outputs.get_or_insert_default();
        match bullet {
            Some(output) => outputs.push(output.to_owned()),
            None => return line.starts_with("No core outputs"),
        }
        true
    }

    fn component(&mut self, kind: Option<ComponentKind>, bullet: Option<&str>) -> bool {
        let (Some(kind), Some(line)) = (kind, bullet) else { return false };
        let Some((text, commonality, basis)) = chips::component_chips(line) else { return false };
        self.components.push(Component { kind, text: text.to_owned(), commonality: commonality.into(), basis: basis.into() });
        true
    }

    fn alias(&mut self, line: &str, number: u32) -> bool {
        if line == "AliasTypeConfidenceApproved" {
            return true;
        }
        let Some((text, alias_type, confidence, is_approved)) = chips::alias_chips(line) else { return false };
        let is_range = chips::is_level_range(text);
        if is_range {
            self.notice(number, format!("the alias {text:?} is a range of levels and no name: it is kept unapproved"));
        }
        let alias = Alias::approved(text, alias_type, "en", PROVENANCE);
        self.aliases.push(Alias { confidence, approved: is_approved && !is_range, ..alias });
        true
    }

    /// A line without bullet names the scheme of those that follow.
    fn mapping(&mut self, line: &str, bullet: Option<&str>) -> bool {
        let Some(text) = bullet else {
            line.to_lowercase().clone_into(&mut self.scheme);
            return scheme_of(&self.scheme, "").is_some();
        };
        let parts = chips::mapping_chips(text);
        let value = |key: &str| parts.iter().find(|(found, _)| *found == key).map_or("", |(_, value)| *value);
        let code = value("code");
        let Some(scheme) = scheme_of(&self.scheme, code).filter(|_| !code.is_empty()) else { return false };
        let depth = granularity(scheme, code);
        let relation = match value("relation") {
            "exact" => Relation::Exact,
            "close" => Relation::Close,
            "narrow" => Relation::Narrow,
            "broad" => Relation::Broad,
            // The page does not say how the role stands to the code: to a heading of a scheme it can only be narrower.
            _ if matches!(depth, "major" | "sub_major" | "minor" | "broad") => Relation::Narrow,
            _ => Relation::Close,
        };
        let review_status = if value("reviewStatus") == "reviewed" { ReviewStatus::Reviewed } else { ReviewStatus::NeedsReview };
        self.mappings.push(Mapping {
            scheme: scheme.to_owned(),
            scheme_version: value("schemeVersion").into(),
            code: code.to_owned(),
            title: value("title").to_owned(),
            relation,
            granularity: depth.into(),
            source: value("source").into(),
            review_status,
        });
        true
    }

    fn check_counts(&mut self) {
        for (kind, stated, line) in std::mem::take(&mut self.counts) {
            let found = self.components.iter().filter(|component| component.kind == kind).count();
            if found != stated {
                self.notice(line, format!("the heading counts {stated} of {} and {found} were read", kind.name()));
            }
        }
    }

    fn finish(mut self) -> Result<Imported, ImportError> {
        let Some(code) = self.code.clone().filter(|_| !self.title.is_empty()) else {
            let message = "no title with a code below it: expected the text of one role's page".to_owned();
            return Err(ImportError::NotThisForm { file: self.file, message });
        };
        if self.chips.is_none() {
            self.notice(0, "the line of level, confidence, status, region and version is missing or of another shape".to_owned());
        }
        self.level_code = self.chips.as_ref().map(|chips| chips.level).or(self.level.as_ref().map(|level| level.code));
        self.notices.sort_by_key(|notice| notice.line);
        let notices = std::mem::take(&mut self.notices);
        Ok(Imported { taxonomy: self.taxonomy(code), notices })
    }

    fn taxonomy(self, code: RoleCode) -> Taxonomy {
        let parts: Vec<String> = code.as_str().split('.').map(str::to_owned).collect();
        let is_patterned = parts.len() == 3 && LevelCode::parse(&parts[2]) == self.level_code;
        let family = is_patterned.then(|| Family {
            code: parts[0].clone(),
            title: parts[0].clone(),
            superfunction: String::new(),
            summary: String::new(),
            story: None,
            core_outputs: None,
            components: Vec::new(),
            mappings: Vec::new(),
        });
        let mut role = Role::plain(code.clone(), SpecialisationId(0), self.title.clone(), "");
        if let Some(chips) = &self.chips {
            role.status = chips.status;
            role.region = chips.region.as_str().into();
            role.version = chips.version;
            role.record_confidence = Some(chips.confidence);
        }
        role.level = self.level_code;
        role.summary = self.summary;
        role.story = self.story.map(Box::new);
        role.core_outputs = self.core_outputs;
        role.components = self.components;
        role.aliases = self.aliases;
        role.mappings = self.mappings;
        let specialisation = Specialisation {
            code: if is_patterned { parts[..2].join(".") } else { code.as_str().to_owned() },
            title: self.title,
            family: family.is_some().then_some(FamilyId(0)),
            group: None,
            title_is_name: true,
            summary: String::new(),
            aliases: Vec::new(),
            components: Vec::new(),
            mappings: Vec::new(),
            core_outputs: None,
            related: Vec::new(),
        };
        let level = self.level.or_else(|| {
            let chips = self.chips.as_ref()?;
            Some(Level { label: chips.label.clone(), ..Level::bare(chips.level) })
        });
        let name = self.taxonomy_title.split_whitespace().next().map_or_else(|| "page".to_owned(), str::to_lowercase);
        let manifest = Manifest {
            name,
            title: self.taxonomy_title,
            code_pattern: is_patterned.then(|| "FAMILY.SPECIALISATION.LEVEL".to_owned()),
            languages: vec!["en".to_owned()],
            ..Manifest::default()
        };
        Taxonomy {
            manifest,
            tracks: level.iter().map(|level| level.code.track).map(|code| TrackInfo { code, label: code.letter().to_string() }).collect(),
            levels: level.into_iter().collect(),
            families: family.into_iter().collect(),
            specialisations: vec![specialisation],
            roles: vec![role],
            lexicon: built_in_lexicon(),
            ..Taxonomy::default()
        }
    }
}

/// The scheme that a heading of mappings and the shape of a code name: `O*NET / SOC` holds codes of both.
fn scheme_of(heading: &str, code: &str) -> Option<&'static str> {
    let has = |name: &str| heading.contains(name);
    match (has("o*net") || has("onet"), has("soc"), has("isco"), has("esco")) {
        (true, _, _, _) if code.contains('.') => Some("onet"),
        (_, true, _, _) => Some("soc"),
        (true, _, _, _) => Some("onet"),
        (_, _, true, _) => Some("isco"),
        (_, _, _, true) => Some("esco"),
        _ => None,
    }
}

/// Adds a line to a text.
fn append(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
