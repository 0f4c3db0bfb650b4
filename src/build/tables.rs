//! Turns a taxonomy into the tables of an index: names, word statistics, tantivy's files.

use rustc_hash::FxHashMap;

use crate::analysis::{Analyzer, Query, WordKind};
use crate::index::{self, Files, IndexError, Lists, Names, Postings, RecordDocument, Texts, WordTables, lexical};
use crate::taxonomy::{ComponentKind, SpecialisationId, Taxonomy};

/// Tables made from a taxonomy.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) names: Names,
    pub(super) words: WordTables,
    pub(super) lexical: Files,
    /// The names as analysed, in the order of `names`.
    pub(super) analysed: Vec<Query>,
}

/// Builds the tables. `with_lexical` leaves tantivy's files out when false.
pub(super) fn build(taxonomy: &Taxonomy) -> Result<Tables, IndexError> {
    let analyzer = Analyzer::new(&taxonomy.lexicon, &taxonomy.manifest.languages);
    let raw = index::collect(taxonomy);
    let (names, analysed) = Names::build(&raw, &analyzer);
    let names = names.opened();
    let (words, skills) = word_tables(taxonomy, &analyzer, &names, &analysed);
    let lexical = lexical_files(taxonomy, &names, skills)?;
    Ok(Tables { names, words, lexical, analysed })
}

fn is_statistic(kind: &WordKind, has_levels: bool) -> bool {
    match kind {
        WordKind::Stop | WordKind::Number | WordKind::Noise(_) => false,
        WordKind::Level(_) => !has_levels,
        WordKind::Plain | WordKind::Office(_) => true,
    }
}

fn word_tables(taxonomy: &Taxonomy, analyzer: &Analyzer, names: &Names, analysed: &[Query]) -> (WordTables, Vec<Vec<String>>) {
    let count = taxonomy.specialisations.len();
    let has_levels = taxonomy.has_levels();
    let mut documents: Vec<Vec<u32>> = vec![Vec::new(); count];
    let mut heads: Vec<FxHashMap<u32, f32>> = vec![FxHashMap::default(); names.words.len()];
    for (facts, query) in names.facts.iter().zip(analysed) {
        let specialisation = facts.specialisation.0;
        let document = &mut documents[specialisation as usize];
        document.extend(
            query.words.iter().filter(|word| is_statistic(&word.kind, has_levels)).filter_map(|word| names.word_number(&word.text)),
        );
        let words = if has_levels { query.core_words() } else { query.named_words() };
        if let Some(head) = analyzer.head(&words).and_then(|at| names.word_number(&words[at].text)) {
            *heads[head as usize].entry(specialisation).or_default() += 1.0;
        }
    }
    let head_weights: Vec<Vec<(u32, f32)>> = heads
        .into_iter()
        .map(|shares| {
            let mut entries: Vec<(u32, f32)> = shares
                .into_iter()
                .map(|(specialisation, names_with)| {
                    let all = names.of_specialisation(SpecialisationId(specialisation)).len().max(1);
                    (specialisation, names_with / all as f32)
                })
                .collect();
            entries.sort_unstable_by_key(|entry| entry.0);
            entries
        })
        .collect();
    let mut title_words = Lists::default();
    for number in 0..count as u32 {
        let title = analyzer.name(&taxonomy.specialisation(SpecialisationId(number)).title, None);
        title_words.push(title.words.iter().filter(|word| is_statistic(&word.kind, has_levels)).filter_map(|word| names.word_number(&word.text)));
    }
    let (text_words, text_documents, skills) = texts(taxonomy, analyzer);
    let words = WordTables {
        names: Postings::build(&documents, names.words.len()),
        texts: Postings::build(&text_documents, text_words.len()),
        text_words,
        heads: Postings::from_weights(&head_weights, count),
        title_words,
        other_words: lexicon_words(taxonomy, names),
    };
    (words, skills)
}

/// Words of summaries and components: the vocabulary, one document a specialisation, and the words of skills and knowledge.
fn texts(taxonomy: &Taxonomy, analyzer: &Analyzer) -> (Texts, Vec<Vec<u32>>, Vec<Vec<String>>) {
    let mut vocabulary = Texts::default();
    let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
    let mut documents = Vec::with_capacity(taxonomy.specialisations.len());
    let mut skills = Vec::with_capacity(taxonomy.specialisations.len());
    for number in 0..taxonomy.specialisations.len() as u32 {
        let id = SpecialisationId(number);
        let specialisation = taxonomy.specialisation(id);
        let family = specialisation.family.map(|id| taxonomy.family(id));
        let roles = taxonomy.roles_of(id).flat_map(|(_, role)| &role.components);
        let components = specialisation.components.iter().chain(family.iter().flat_map(|family| &family.components)).chain(roles);
        let mut document = Vec::new();
        let mut skill_words = Vec::new();
        let mut add = |text: &str, is_skill: bool| {
            for word in analyzer.name(text, None).words {
                if !matches!(word.kind, WordKind::Plain | WordKind::Office(_)) {
                    continue;
                }
                if is_skill {
                    skill_words.push(word.text.clone());
                }
                let next = numbers.len() as u32;
                document.push(*numbers.entry(word.text).or_insert_with_key(|text| {
                    vocabulary.push(text);
                    next
                }));
            }
        };
        add(&specialisation.summary, false);
        if let Some(family) = family {
            add(&family.title, false);
            add(&family.summary, false);
        }
        for component in components {
            let is_skill = matches!(component.kind, ComponentKind::Skill | ComponentKind::Knowledge);
            add(&component.text, is_skill);
        }
        documents.push(document);
        skills.push(skill_words);
    }
    (vocabulary, documents, skills)
}

/// Every word that the lexicon knows and no name has, sorted: they are spelt right.
fn lexicon_words(taxonomy: &Taxonomy, names: &Names) -> Texts {
    let mut words: Vec<String> = Vec::new();
    let mut add = |phrase: &str| words.extend(phrase.split_whitespace().map(str::to_owned));
    for tables in taxonomy.lexicon.languages.values() {
        tables.abbreviations.iter().for_each(|(from, to)| {
            add(from);
            add(to);
        });
        tables.levels.keys().chain(tables.offices.keys()).for_each(|phrase| add(phrase));
        tables.stop.iter().chain(&tables.linking).chain(&tables.places).chain(&tables.vague).for_each(|phrase| add(phrase));
        tables.noise.values().flatten().for_each(|phrase| add(phrase));
        tables.agents.iter().for_each(|(from, to)| {
            add(from);
            add(to);
        });
        tables.compounds.values().for_each(|phrase| add(phrase));
    }
    words.retain(|word| names.word_number(word).is_none());
    words.sort_unstable();
    words.dedup();
    let mut texts = Texts::default();
    for word in &words {
        texts.push(word);
    }
    texts
}

fn lexical_files(taxonomy: &Taxonomy, names: &Names, skills: Vec<Vec<String>>) -> Result<Files, IndexError> {
    let records: Vec<RecordDocument> = skills
        .into_iter()
        .enumerate()
        .map(|(number, skills)| {
            let id = SpecialisationId(number as u32);
            let record = names
                .of_specialisation(id)
                .flat_map(|name| names.word_lists.get(name))
                .map(|word| names.words.get(*word).to_owned())
                .collect();
            RecordDocument { record, skills, facets: facets(taxonomy, id) }
        })
        .collect();
    let name_words = (0..names.len() as u32).map(|name| names.word_lists.get(name).iter().map(|word| names.words.get(*word)).collect());
    lexical::build(name_words, &records)
}

fn facets(taxonomy: &Taxonomy, id: SpecialisationId) -> Vec<String> {
    let mut facets = vec!["/record".to_owned()];
    let specialisation = taxonomy.specialisation(id);
    if let Some(family) = specialisation.family {
        let family = taxonomy.family(family);
        facets.push(format!("/family/{}", family.code));
        if !family.superfunction.is_empty() {
            facets.push(format!("/superfunction/{}", family.superfunction));
        }
    }
    for (_, role) in taxonomy.roles_of(id) {
        if let Some(level) = role.level {
            facets.push(format!("/level/{level}"));
            facets.push(format!("/track/{}", level.track.letter()));
        }
        let status = serde_json::to_value(role.status).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        facets.push(format!("/status/{status}"));
    }
    facets.sort();
    facets.dedup();
    facets
}
