//! Derives the groups of the 2018 Standard Occupational Classification that stand above O*NET-SOC codes.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::corpus::LONG_SOC_MINOR_GROUPS;
use crate::taxonomy::{Group, GroupId};

/// Titles of the SOC 2018 major groups (U.S. Bureau of Labor Statistics, public domain): O*NET's files do not name them.
pub(crate) const MAJOR_GROUPS: [(&str, &str); 23] = [
    ("11", "Management Occupations"),
    ("13", "Business and Financial Operations Occupations"),
    ("15", "Computer and Mathematical Occupations"),
    ("17", "Architecture and Engineering Occupations"),
    ("19", "Life, Physical, and Social Science Occupations"),
    ("21", "Community and Social Service Occupations"),
    ("23", "Legal Occupations"),
    ("25", "Educational Instruction and Library Occupations"),
    ("27", "Arts, Design, Entertainment, Sports, and Media Occupations"),
    ("29", "Healthcare Practitioners and Technical Occupations"),
    ("31", "Healthcare Support Occupations"),
    ("33", "Protective Service Occupations"),
    ("35", "Food Preparation and Serving Related Occupations"),
    ("37", "Building and Grounds Cleaning and Maintenance Occupations"),
    ("39", "Personal Care and Service Occupations"),
    ("41", "Sales and Related Occupations"),
    ("43", "Office and Administrative Support Occupations"),
    ("45", "Farming, Fishing, and Forestry Occupations"),
    ("47", "Construction and Extraction Occupations"),
    ("49", "Installation, Maintenance, and Repair Occupations"),
    ("51", "Production Occupations"),
    ("53", "Transportation and Material Moving Occupations"),
    ("55", "Military Specific Occupations"),
];

/// The broad group above an O*NET-SOC code.
pub(crate) fn broad(code: &str) -> String {
    // The five physician groups 29-122x are the only detailed codes that stand under a broad group of another number.
    if code.starts_with("29-122") { "29-1210".to_owned() } else { format!("{}0", &code[..6]) }
}

fn minor(code: &str) -> String {
    let long = format!("{}00", &code[..5]);
    if LONG_SOC_MINOR_GROUPS.contains(&long.as_str()) { long } else { format!("{}000", &code[..4]) }
}

/// The major, minor and broad groups above occupations (O*NET-SOC code and title), in order of depth and code.
///
/// A broad group with a single detailed occupation has that occupation's title, as in the SOC itself, save those ending in
/// 90, which the SOC calls miscellaneous; where the codes do not tell a title, the code stands for it.
pub(crate) fn groups<'a>(occupations: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Group> {
    let mut titles: BTreeMap<(u8, String), (String, Option<String>)> = BTreeMap::new();
    let mut detailed: FxHashMap<String, Vec<&str>> = FxHashMap::default();
    for (code, occupation_title) in occupations {
        let major = format!("{}0000", &code[..3]);
        titles.entry((3, broad(code))).or_insert_with(|| (broad(code), Some(minor(code))));
        titles.entry((2, minor(code))).or_insert_with(|| (minor(code), Some(major.clone())));
        let title = MAJOR_GROUPS.iter().find(|(prefix, _)| code.starts_with(prefix)).map_or(major.as_str(), |(_, title)| title);
        titles.entry((1, major.clone())).or_insert_with(|| (title.to_owned(), None));
        if code.ends_with(".00") {
            detailed.entry(broad(code)).or_default().push(occupation_title);
        }
    }
    let order: Vec<(u8, String)> = titles.keys().cloned().collect();
    let position_of = |depth: u8, code: &str| {
        let position = order.iter().position(|(found_depth, found)| *found_depth == depth && found == code);
        GroupId(position.expect("every parent was entered with its child") as u32)
    };
    let group = |((depth, code), (title, parent)): ((u8, String), (String, Option<String>))| {
        let title = match detailed.get(&code).map(Vec::as_slice) {
            Some([single]) if depth == 3 && !code.ends_with("90") => (*single).to_owned(),
            _ => title,
        };
        let parent = parent.map(|parent| position_of(depth - 1, &parent));
        Group { code, title, scheme: "soc".to_owned(), depth, parent }
    };
    titles.into_iter().map(group).collect()
}
