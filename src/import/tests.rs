//! The importers of releases on small files made here, and on the real releases where `ROLECALL_DATA` names their folder.

use std::path::Path;

use tempfile::TempDir;

use crate::corpus::store;
use crate::taxonomy::{AliasType, ComponentKind, Relation};

use super::*;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file can be written");
    }
    folder
}

/// Notices without the folder's name.
fn notices(imported: &Imported, folder: &TempDir) -> Vec<String> {
    let prefix = format!("{}/", folder.path().display());
    imported.notices.iter().map(|notice| notice.to_string().replace(&prefix, "")).collect()
}

const OCCUPATIONS: &str = "O*NET-SOC Code\tTitle\tDescription\r
15-1252.00\tSoftware Crafters\tCraft software.\r
15-1252.01\tGame Crafters\tCraft games.\r
15-1253.00\tSoftware Probers\tProbe software.\r
29-1221.00\tChild Doctors\tHeal children.\r
43-4051.00\tDesk Clerks\tSit at desks.\r
";

fn onet_files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("Occupation Data.txt", OCCUPATIONS),
        (
            "Alternate Titles.txt",
            "O*NET-SOC Code\tAlternate Title\tShort Title\tSource(s)\n\
             15-1252.00\tCode Crafter (CC)\tCC\t01\n15-1252.00\tSoftware Crafters\tn/a\t01\n15-1252.00\tcode crafter (cc)\tn/a\t02\n\
             15-1252.00\tWright\tCC\t01\n99-9999.00\tGhost\tn/a\t01\n",
        ),
        (
            "Sample of Reported Titles.txt",
            "O*NET-SOC Code\tReported Job Title\tShown in My Next Move\n15-1252.00\tWright\tY\n15-1252.00\tSenior Wright\tN\n",
        ),
        (
            "Task Statements.txt",
            "O*NET-SOC Code\tTask ID\tTask\tTask Type\n15-1252.00\t1\tTidy up.\tSupplemental\n15-1252.00\t2\tCut 5\" boards.\tCore\n",
        ),
        (
            "Technology Skills.txt",
            "O*NET-SOC Code\tExample\tCommodity Title\tHot Technology\n15-1252.00\tOldTool\tx\tN\n15-1252.00\tHotTool\tx\tY\n15-1252.00\tHotTool\ty\tY\n",
        ),
        ("Job Zones.txt", "O*NET-SOC Code\tJob Zone\n15-1252.00\t4\n"),
        ("Related Occupations.txt", "O*NET-SOC Code\tRelated O*NET-SOC Code\tIndex\n15-1252.00\t43-4051.00\t2\n15-1252.00\t15-1253.00\t1\n"),
        ("Read Me.txt", "O*NET 99.9 Database\nAugust\n"),
    ]
}

#[test]
fn onet_occupations_become_roles() {
    let files = folder(&onet_files());
    let imported = onet(files.path()).expect("well made");
    let taxonomy = &imported.taxonomy;
    let codes: Vec<&str> = taxonomy.roles.iter().map(|role| role.code.as_str()).collect();
    assert_eq!(codes, ["15-1252.00", "15-1252.01", "15-1253.00", "29-1221.00", "43-4051.00"]);
    assert_eq!((taxonomy.manifest.name.as_str(), taxonomy.manifest.version.as_str()), ("onet", "99.9"));
    assert!(!taxonomy.has_levels());

    let crafter = &taxonomy.specialisations[0];
    let aliases: Vec<(&str, AliasType)> = crafter.aliases.iter().map(|alias| (alias.text.as_str(), alias.alias_type)).collect();
    let expected = [
        ("Code Crafter (CC)", AliasType::Common),
        ("Wright", AliasType::Common),
        ("CC", AliasType::Abbreviation),
        ("Senior Wright", AliasType::Reported),
    ];
    assert_eq!(aliases, expected);
    let components: Vec<(ComponentKind, &str)> = crafter.components.iter().map(|part| (part.kind, part.text.as_str())).collect();
    let expected = [
        (ComponentKind::Task, "Cut 5\" boards."),
        (ComponentKind::Task, "Tidy up."),
        (ComponentKind::Skill, "HotTool"),
        (ComponentKind::Skill, "OldTool"),
        (ComponentKind::Qualification, "Job Zone 4"),
    ];
    assert_eq!(components, expected);
    assert_eq!(crafter.related, ["15-1253.00", "43-4051.00"]);
    assert_eq!(crafter.summary, "Craft software.");
    let relations: Vec<Relation> = taxonomy.specialisations[..2].iter().map(|found| found.mappings[0].relation).collect();
    assert_eq!(relations, [Relation::Exact, Relation::Narrow]);
    let found = notices(&imported, &files);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("Alternate Titles.txt:6: 1 rows name occupations"), "{found:?}");
    assert!(found[2].starts_with("Job Zone Reference.txt: is not there"), "{found:?}");
}

#[test]
fn onet_groups_follow_the_soc() {
    let files = folder(&[("Occupation Data.txt", OCCUPATIONS)]);
    let taxonomy = onet(files.path()).expect("one file is enough").taxonomy;
    let chain = |position: usize| -> Vec<(String, String, u8)> {
        let groups = taxonomy.group_chain(taxonomy.roles[position].specialisation);
        groups.into_iter().map(|id| taxonomy.group(id)).map(|group| (group.code.clone(), group.title.clone(), group.depth)).collect()
    };
    let group = |code: &str, title: &str, depth| (code.to_owned(), title.to_owned(), depth);
    let computing = group("15-0000", "Computer and Mathematical Occupations", 1);
    assert_eq!(chain(1), [group("15-1250", "15-1250", 3), group("15-1200", "15-1200", 2), computing]);
    assert_eq!(chain(3)[0], group("29-1210", "Child Doctors", 3));
    assert_eq!(chain(4)[0], group("43-4050", "Desk Clerks", 3));
    assert_eq!(chain(4)[1], group("43-4000", "43-4000", 2));
}

#[test]
fn onet_faults_are_named() {
    let message = |files: &[(&str, &str)]| onet(folder(files).path()).expect_err("refused").to_string();
    assert!(message(&[]).contains("holds no Occupation Data.txt"));
    let bad_rows = "O*NET-SOC Code\tTitle\nabc\tX\n11-1011.00\t\n11-1011.00\tY\n11-1011.00\tY\n";
    let text = message(&[("Occupation Data.txt", bad_rows)]);
    for expected in [":2: column \"O*NET-SOC Code\": \"abc\" is no code", ":3: column \"Title\": the title is empty", ":5: column"] {
        assert!(text.contains(expected), "{text}");
    }
    assert!(message(&[("Occupation Data.txt", "Code\tTitle\n")]).contains("the header lacks \"O*NET-SOC Code\"; it has Code, Title"));
    let mut files = onet_files();
    files[1].1 = "O*NET-SOC Code\tTitle\n";
    assert!(message(&files).contains("the header lacks \"Alternate Title\""));
}

fn esco_files() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            "occupations_en.csv",
            "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,description,code\n\
             Occupation,http://x/occupation/1,2654,stage baker,\"cake actor\nstage cook\",stge baker,released,Bakes on stage.,2654.1\n\
             Occupation,http://x/occupation/2,2513,web weaver,web knitter|net weaver,,released,Weaves.,2513.1\n\
             Occupation,http://x/occupation/2,2513,web weaver,net knitter,,released,Weaves.,2513.1\n\
             Skill,http://x/skill/1,,knitting,,,released,,\n",
        ),
        (
            "occupations_de.csv",
            "\u{feff}conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description\r\n\
             Occupation,http://x/occupation/1,2166,Bühnenbäcker/Bühnenbäckerin,Bühnenbäckerin,\r\n\
             Occupation,http://x/occupation/3,2513,Netzflicker,,Flickt.\r\n",
        ),
        (
            "ISCOGroups_en.csv",
            "conceptType,conceptUri,code,preferredLabel,status,altLabels,inScheme,description\n\
             ISCOGroup,http://x/isco/C2,2,Professionals,released,,,\nISCOGroup,http://x/isco/C251,251,Weavers of things,released,,,\n\
             ISCOGroup,http://x/isco/C2513,2513,Web weavers,released,,,All of them.\n",
        ),
        ("ISCOGroups_de.csv", "conceptType,conceptUri,code,preferredLabel,altLabels\nISCOGroup,http://x/isco/C2513,2513,Weber,\n"),
    ]
}

#[test]
fn esco_languages_are_joined_by_concept() {
    let files = folder(&esco_files());
    let imported = esco(&[files.path()], EscoOptions::default()).expect("well made");
    let taxonomy = &imported.taxonomy;
    let titles: Vec<(&str, &str)> = taxonomy.roles.iter().map(|role| (role.code.as_str(), role.title.as_str())).collect();
    assert_eq!(titles, [("http://x/occupation/1", "stage baker"), ("http://x/occupation/2", "web weaver"), ("http://x/occupation/3", "Netzflicker")]);
    let aliases = |position: usize| -> Vec<(&str, &str, AliasType)> {
        let found = taxonomy.specialisations[position].aliases.iter();
        found.map(|alias| (alias.text.as_str(), alias.lang.as_str(), alias.alias_type)).collect()
    };
    let expected = [
        ("cake actor", "en", AliasType::Common),
        ("stage cook", "en", AliasType::Common),
        ("stge baker", "en", AliasType::Hidden),
        ("Bühnenbäcker/Bühnenbäckerin", "de", AliasType::Preferred),
        ("Bühnenbäckerin", "de", AliasType::Common),
        ("Bühnenbäcker", "de", AliasType::Preferred),
    ];
    assert_eq!(aliases(0), expected);
    assert_eq!(aliases(1).iter().map(|alias| alias.0).collect::<Vec<_>>(), ["web knitter", "net weaver", "net knitter"]);
    assert_eq!(aliases(2), [("Netzflicker", "de", AliasType::Preferred)], "a title in another language says so");
    assert_eq!(taxonomy.manifest.languages, ["en", "de"]);
    assert_eq!(taxonomy.specialisations[0].mappings[0].code, "2654", "the first edition read holds");
    let chain = taxonomy.group_chain(taxonomy.roles[1].specialisation);
    let groups: Vec<(&str, &str)> = chain.iter().map(|id| taxonomy.group(*id)).map(|group| (group.code.as_str(), group.title.as_str())).collect();
    assert_eq!(groups, [("2513", "Web weavers"), ("251", "Weavers of things"), ("25", "25"), ("2", "Professionals")]);
    assert_eq!(notices(&imported, &files), ["occupations_en.csv:5: 1 rows repeat a concept of this file: their labels were put together"]);
}

#[test]
fn esco_groups_can_be_answers() {
    let files = folder(&esco_files());
    let taxonomy = esco(&[files.path()], EscoOptions { groups: true }).expect("well made").taxonomy;
    let id = taxonomy.find_role("http://x/isco/C2513").expect("a group is a role");
    let found = taxonomy.specialisation(taxonomy.role(id).specialisation);
    assert_eq!((found.title.as_str(), found.aliases[0].text.as_str()), ("Web weavers", "Weber"));
    assert_eq!(taxonomy.group(found.group.expect("its own")).code, "2513");
    assert!(taxonomy.roles.is_sorted_by_key(|role| &role.code));
}

#[test]
fn esco_faults_are_named() {
    let empty = folder(&[]);
    assert!(esco(&[empty.path()], EscoOptions::default()).expect_err("refused").to_string().contains("occupations_XX.csv"));
    let no_uri = folder(&[("occupations_en.csv", "uri,preferredLabel,iscoGroup\n")]);
    let message = esco(&[no_uri.path()], EscoOptions::default()).expect_err("refused").to_string();
    assert!(message.contains("the header lacks \"conceptUri\""), "{message}");
    let no_code = folder(&[("occupations_en.csv", "conceptUri,preferredLabel,iscoGroup\n,baker,1\n")]);
    let message = esco(&[no_code.path()], EscoOptions::default()).expect_err("refused").to_string();
    assert!(message.contains(":2: column \"conceptUri\": a role code cannot be empty"), "{message}");
}

/// The real releases: sizes that the release notes state, order, and the way through a file.
#[test]
fn real_releases() {
    let Some(data) = std::env::var_os("ROLECALL_DATA") else {
        eprintln!("skipped: set ROLECALL_DATA to the folder of the real taxonomies to run this test");
        return;
    };
    let data = Path::new(&data);
    let start = std::time::Instant::now();
    let onet = onet(&data.join("onet_27_0")).unwrap_or_else(|error| panic!("{error}"));
    eprintln!("onet: {:?}", start.elapsed());
    assert_eq!(onet.taxonomy.roles.len(), 1016);
    let start = std::time::Instant::now();
    let folders = [data.join("esco_1_2_1"), data.join("esco_other_languages")];
    let folders: Vec<&Path> = folders.iter().map(|folder| folder.as_path()).collect();
    let esco = esco(&folders, EscoOptions { groups: true }).unwrap_or_else(|error| panic!("{error}"));
    eprintln!("esco: {:?}", start.elapsed());
    assert!(esco.taxonomy.roles.len() >= 3039 + 619, "{}", esco.taxonomy.roles.len());
    assert_eq!(esco.taxonomy.manifest.languages.len(), 9);
    for imported in [onet, esco] {
        for notice in &imported.notices {
            eprintln!("{notice}");
        }
        let mut sorted = imported.taxonomy.clone();
        sorted.sort_roles();
        assert!(sorted == imported.taxonomy, "roles are in order");
        let aliases: usize = imported.taxonomy.specialisations.iter().map(|found| found.aliases.len()).sum();
        eprintln!("{} roles, {aliases} aliases, {} groups", imported.taxonomy.roles.len(), imported.taxonomy.groups.len());
        let start = std::time::Instant::now();
        let mut bytes = Vec::new();
        store::write_lines(&imported.taxonomy, &mut bytes).expect("memory takes everything");
        eprintln!("written: {:?}, {} bytes", start.elapsed(), bytes.len());
        let start = std::time::Instant::now();
        let read = store::parse("memory", &bytes).unwrap_or_else(|errors| panic!("{errors}"));
        eprintln!("read: {:?}", start.elapsed());
        assert!(read.taxonomy == imported.taxonomy);
    }
}

/// The groups derived from codes are those that the classification itself lists, under the same parents and titles.
#[test]
fn derived_groups_are_those_of_the_real_soc() {
    let Some(data) = std::env::var_os("ROLECALL_DATA") else {
        eprintln!("skipped: set ROLECALL_DATA to the folder of the real taxonomies to run this test");
        return;
    };
    let taxonomy = onet(&Path::new(&data).join("onet_27_0")).unwrap_or_else(|error| panic!("{error}")).taxonomy;
    let structure = table::Table::read(&Path::new(&data).join("soc_2018/structure.tsv"), table::Layout::PlainTsv).expect("readable");
    let [level, code, title, parent] = structure.require(["level", "code", "title", "parent"]).expect("its columns");
    for group in &taxonomy.groups {
        let depth = ["major", "minor", "broad"][usize::from(group.depth) - 1];
        let row = structure.rows().iter().find(|row| row.get(code) == group.code && row.get(level) == depth);
        let row = row.unwrap_or_else(|| panic!("{} is no {depth} group", group.code));
        assert_eq!(group.parent.map_or("", |id| taxonomy.group(id).code.as_str()), row.get(parent), "{}", group.code);
        if group.title != group.code {
            // One title differs between the two editions by a comma.
            assert_eq!(group.title.replace(',', ""), row.get(title).replace(',', ""), "{}", group.code);
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_table_panics(text in "(code|title|alias|[,;\t\"\n\r|=]|.){0,60}", body in ".{0,60}") {
        let _ = csv_text("t", &text, &CsvOptions::default());
        let _ = csv_text("t", &format!("code,title,alias,parent\n{body}\n1,{body}"), &CsvOptions::default());
    }
}
