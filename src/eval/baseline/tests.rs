use super::*;
use crate::build::{self, BuildOptions};
use crate::eval::task::plain_specialisation;
use crate::taxonomy::{Manifest, Role, RoleCode, SpecialisationId, Taxonomy};

fn index() -> Index {
    let mut taxonomy = Taxonomy {
        manifest: Manifest { name: "tiny".into(), languages: vec!["en".into()], ..Manifest::default() },
        lexicon: crate::corpus::built_in_lexicon(),
        ..Taxonomy::default()
    };
    let roles = [
        ("A", "Registered Nurse", vec!["Ward Nurse", "Theatre Nurse"]),
        ("B", "Welder", vec!["Pipe Welder", "Arc Welder"]),
        ("C", "Pipe Fitter", vec!["Steam Fitter"]),
    ];
    for (number, (code, title, aliases)) in roles.into_iter().enumerate() {
        let id = SpecialisationId(number as u32);
        taxonomy.roles.push(Role::plain(RoleCode::new(code).expect("a code"), id, title.to_owned(), ""));
        taxonomy.specialisations.push(plain_specialisation(code.into(), title.into(), aliases.into_iter().map(str::to_owned).collect(), "en"));
    }
    let options = BuildOptions { learn: false, ..BuildOptions::default() };
    Index::assemble(build::build(taxonomy, &[], &options, &|_| {}).expect("a tiny taxonomy can be built"))
}

#[test]
fn every_method_answers_as_its_name_says() {
    let index = index();
    let first = |baseline: &dyn Baseline, text: &str| -> Option<String> {
        let questions: Vec<Question> = ["A", "B", "C"]
            .iter()
            .map(|code| Question { id: (*code).to_owned(), text: text.to_owned(), right: vec![(*code).to_owned()] })
            .collect();
        let answers = ask_all(baseline, &index, &questions);
        questions.iter().zip(answers).find(|(_, asked)| asked.is_right()).map(|(question, _)| question.id.clone())
    };
    for baseline in all(&index) {
        let is_exact = baseline.name() == "exact";
        assert_eq!(first(&*baseline, "ward  NURSE").as_deref(), Some("A"), "{}", baseline.name());
        let near = first(&*baseline, "theatre nurses night");
        assert_eq!(near.as_deref(), if is_exact { None } else { Some("A") }, "{}", baseline.name());
    }
    let by = |name: &str| all(&index).into_iter().find(|baseline| baseline.name() == name).expect("it exists");
    assert_eq!(first(&*by("BM25 by name"), "pipe welders").as_deref(), Some("B"));
    assert_eq!(first(&*by("Jaro-Winkler"), "Arc Weldre").as_deref(), Some("B"));
    assert_eq!(first(&*by("letters 2-4 TF-IDF"), "steamfitter").as_deref(), Some("C"));
    assert_eq!(first(&*by("BM25 by code"), "arc steamship").as_deref(), Some("B"));
}
