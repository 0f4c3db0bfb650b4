//! Measures the learned channel alone on hidden O*NET aliases: a fifth of the names are taken out with all their codes.
//!
//! Runs where `ROLECALL_DATA` names a folder with `onet_27_0`; the reading of titles is crude on purpose, so that the
//! floors hold without the analyzer and the reranker.

use super::*;
use std::collections::BTreeMap;
use std::time::Instant;

struct Name {
    tokens: Vec<String>,
    codes: Vec<u32>,
    official: bool,
}

const STOP_WORDS: [&str; 10] = ["of", "for", "in", "at", "with", "and", "to", "the", "a", "or"];

fn singular(word: &str) -> String {
    let letters = word.chars().count();
    if letters > 4 && word.ends_with("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    if ["sses", "xes", "ches", "shes", "zes"].iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - 2].to_owned();
    }
    let kept = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    if letters > 3 && word.ends_with('s') && !kept { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// Distinct singular words, without what stands in parentheses unless nothing else does.
fn tokens(text: &str) -> Vec<String> {
    let outside: String = text.split('(').enumerate().map(|(at, part)| if at == 0 { part } else { part.split_once(')').map_or("", |p| p.1) }).collect();
    let text = if outside.chars().any(char::is_alphanumeric) { outside } else { text.to_owned() };
    let text = text.to_lowercase().replace("'s", "").replace('\'', "").replace('&', " and ");
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = singular(word);
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

fn head(tokens: &[&str]) -> Option<usize> {
    let joint = tokens.iter().skip(1).position(|word| ["of", "for", "in", "at", "with", "and", "to"].contains(word));
    joint.map_or(tokens.len(), |place| place + 1).checked_sub(1)
}

fn read(folder: &str) -> (Vec<Name>, usize) {
    let rows = |file: &str| -> Vec<(String, String)> {
        let text = std::fs::read_to_string(format!("{folder}/onet_27_0/{file}")).unwrap();
        text.lines().skip(1).map(|line| line.split('\t')).map(|mut cells| (cells.next().unwrap().to_owned(), cells.next().unwrap().to_owned())).collect()
    };
    let titles = rows("Occupation Data.txt");
    let classes: BTreeMap<String, u32> = titles.iter().zip(0..).map(|((code, _), class)| (code.clone(), class)).collect();
    let mut names: BTreeMap<Vec<String>, Name> = BTreeMap::new();
    let mut add = |rows: Vec<(String, String)>, official: bool| {
        for (code, text) in rows {
            let tokens = tokens(&text);
            let name = names.entry(tokens.clone()).or_insert(Name { tokens, codes: Vec::new(), official: false });
            name.official |= official;
            if !name.codes.contains(&classes[&code]) {
                name.codes.push(classes[&code]);
            }
        }
    };
    add(titles, true);
    add(rows("Alternate Titles.txt"), false);
    add(rows("Sample of Reported Titles.txt"), false);
    (names.into_values().filter(|name| !name.tokens.is_empty()).collect(), classes.len())
}

/// Hides a fifth of the word sets that no official title has, so that no reordering of a hidden name is left behind.
fn split(names: Vec<Name>) -> (Vec<Name>, Vec<Name>) {
    let mut groups: BTreeMap<Vec<String>, Vec<Name>> = BTreeMap::new();
    for name in names {
        let mut key: Vec<String> = name.tokens.iter().filter(|word| !STOP_WORDS.contains(&word.as_str())).cloned().collect();
        key.sort_unstable();
        groups.entry(key).or_default().push(name);
    }
    let mut random = Random::new(42);
    let (hidden, left): (Vec<Vec<Name>>, Vec<Vec<Name>>) =
        groups.into_values().partition(|group| random.unit() < 0.2 && !group.iter().any(|name| name.official));
    (left.into_iter().flatten().collect(), hidden.into_iter().flatten().collect())
}

fn words(name: &Name) -> Vec<&str> {
    name.tokens.iter().map(String::as_str).collect()
}

fn trained(set: FeatureSet, seed: u64, names: &[Name], classes: usize) -> (Vocabulary, LowRankModel) {
    let mut builder = VocabularyBuilder::new(set);
    names.iter().map(words).for_each(|words| builder.add(&words, head(&words)));
    let vocabulary = builder.finish(1);
    let mut training_set = TrainingSet::new(vocabulary.len(), &[classes]);
    let mut vector = SparseVector::default();
    for name in names {
        let words = words(name);
        vocabulary.vectorize(&words, head(&words), &mut vector);
        training_set.push(&vector, 0, &name.codes, 1.0);
    }
    let began = Instant::now();
    let model = train(&training_set, &TrainOptions { seed, ..TrainOptions::default() }, &mut |_| ());
    eprintln!("{set:?}: {} items, {} features, trained in {:.1} s", names.len(), vocabulary.len(), began.elapsed().as_secs_f64());
    (vocabulary, model)
}

fn accuracy(hidden: &[Name], answers: &[Vec<f32>]) -> f64 {
    let first = |answer: &[f32]| (0..answer.len()).max_by(|&a, &b| answer[a].total_cmp(&answer[b])).unwrap() as u32;
    hidden.iter().zip(answers).filter(|(name, answer)| name.codes.contains(&first(answer))).count() as f64 / hidden.len() as f64
}

#[test]
fn learned_channel_alone_finds_hidden_aliases() {
    let Ok(folder) = std::env::var("ROLECALL_DATA") else {
        eprintln!("SKIPPED: set ROLECALL_DATA to measure the learned channel on O*NET");
        return;
    };
    let (names, classes) = read(&folder);
    let (left, hidden) = split(names);
    let models = std::thread::scope(|scope| {
        let sets = [(FeatureSet::Mix, 1), (FeatureSet::MixHead, 2)];
        let left = &left;
        let handles = sets.map(|(set, seed)| scope.spawn(move || trained(set, seed, left, classes)));
        handles.map(|handle| handle.join().unwrap())
    });
    let mut vector = SparseVector::default();
    let mut figures = Vec::new();
    let mut all: Vec<Vec<Vec<f32>>> = Vec::new();
    for (vocabulary, model) in &models {
        let plain: Vec<Vec<f32>> = hidden.iter().map(|name| {
            vocabulary.vectorize(&words(name), head(&words(name)), &mut vector);
            model.log_softmax(0, &model.hidden(&vector))
        }).collect();
        let quantized = QuantizedModel::new(model, 1);
        let tokens: Vec<Vec<&str>> = hidden.iter().map(words).collect();
        let (mut place, mut out) = (Hidden::default(), Vec::new());
        let began = Instant::now();
        let answers: Vec<Vec<f32>> = tokens.iter().map(|words| {
            vocabulary.vectorize(words, head(words), &mut vector);
            quantized.hidden(&vector, &mut place);
            quantized.log_softmax(0, &place, &mut out);
            out.clone()
        }).collect();
        let micros = began.elapsed().as_secs_f64() * 1e6 / hidden.len() as f64;
        let (exact, rounded) = (accuracy(&hidden, &plain), accuracy(&hidden, &answers));
        eprintln!("{:?} × {}: accuracy {exact:.4}, in bytes {rounded:.4}, {micros:.1} µs a title", vocabulary.feature_set(), model.dims());
        assert!((exact - rounded).abs() < 0.003, "bytes cost {exact} - {rounded}");
        figures.push(rounded);
        all.push(answers);
    }
    let sum = |(mix, with_head): (&Vec<f32>, &Vec<f32>)| mix.iter().zip(with_head).map(|(mix, with_head)| mix + with_head).collect();
    let averaged: Vec<Vec<f32>> = all[0].iter().zip(&all[1]).map(sum).collect();
    let averaged = accuracy(&hidden, &averaged);
    eprintln!("{} hidden names: averaged {averaged:.4}", hidden.len());
    assert!(figures.iter().all(|&accuracy| accuracy > 0.56), "one model: {figures:?}");
    assert!(averaged > 0.57, "two models: {averaged}");
}
