//! What the built-in Canon must answer: the cases of `tests/judgements/seed.tsv`, and odd input of every kind.

use rolecall::decide::Decision;
use rolecall::engine::{Classification, Engine, MatchOptions, Tier};
use rolecall::rank::LevelMatch;
use rolecall::taxonomy::Track;

use crate::util::root;

fn engine() -> Engine {
    rolecall::canon::engine().expect("the built-in index opens")
}

fn classify(engine: &Engine, title: &str) -> Classification {
    engine.classify(title, &MatchOptions::default())
}

/// Writes out `\u{…}` in a title of the table.
fn unescaped(title: &str) -> String {
    let mut text = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (digits, after) = after.split_once('}').expect("an escape ends with a brace");
        text.push_str(before);
        text.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).expect("an escape is a character's number"));
        rest = after;
    }
    text + rest
}

/// Whether the first code is what the table allows.
fn code_holds(allowed: &str, answer: &Classification) -> bool {
    let code = answer.candidates.first().filter(|_| answer.decision != Decision::Reject).map(|first| first.code.as_str());
    allowed.split('|').any(|wanted| match (wanted, code) {
        ("-", code) => code.is_none(),
        ("*", code) => code.is_some(),
        (wanted, Some(code)) => wanted.strip_suffix('*').map_or(code == wanted, |begin| code.starts_with(begin)),
        _ => false,
    })
}

/// Whether one condition of the table holds.
fn condition_holds(engine: &Engine, condition: &str, answer: &Classification) -> bool {
    let first = answer.candidates.first();
    let level = first.and_then(|first| first.level);
    let (name, value) = condition.split_once("!=").map_or_else(
        || condition.split_once("<=").map_or_else(|| condition.split_once('=').expect("name=value"), |(name, value)| (name, value)),
        |(name, value)| (name, value),
    );
    let negated = condition.contains("!=");
    let holds = match name {
        "tier" => first.is_some_and(|first| match value {
            "code" => first.tier == Tier::Code,
            "exact" => first.tier == Tier::Exact,
            other => panic!("no tier {other:?}"),
        }),
        "level_match" => first.is_some_and(|first| first.level_match == LevelMatch::Match),
        "family" => first.is_some_and(|first| first.family.as_deref() == Some(value)),
        "reason" => answer.reasons.iter().any(|reason| reason.name() == value),
        "typos" => answer.parsed.typos.len().to_string() == value,
        "parts" => answer.parts.len().to_string() == value && answer.parts.iter().all(|part| !part.candidates.is_empty()),
        "noise" => answer.parsed.noise.iter().any(|noise| noise.text.to_lowercase().contains(value)),
        "stated" => answer.parsed.level.as_ref().is_some_and(|level| level.word == value),
        "grade" => level.is_some_and(|level| level.grade <= value.parse().expect("a grade is a number")),
        "track" => level.is_some_and(|level| Some(level.track) == value.chars().next().and_then(Track::from_letter)),
        "like" => {
            let other = classify(engine, value);
            other.decision == answer.decision && first.map(|first| &first.code) == other.candidates.first().map(|first| &first.code)
        }
        "equal" => {
            let other = classify(engine, value);
            let shown = |answer: &Classification| answer.candidates.first().map(|first| (first.code.clone(), first.confidence));
            shown(&other) == shown(answer)
        }
        "unlike" => {
            let other = classify(engine, value);
            let both = first.zip(other.candidates.first());
            both.is_none_or(|(first, other)| first.specialisation != other.specialisation)
        }
        other => panic!("no condition {other:?}"),
    };
    holds != negated
}

#[test]
fn seed_cases_hold() {
    let engine = engine();
    let text = std::fs::read_to_string(root().join("tests/judgements/seed.tsv")).expect("the table is there");
    let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let mut failures = Vec::new();
    let mut asked = 0;
    for row in rows {
        let columns: Vec<&str> = row.split('\t').collect();
        let [title, decisions, code, conditions] = columns[..] else { panic!("four columns: {row:?}") };
        let title = unescaped(title);
        let answer = classify(&engine, &title);
        asked += 1;
        let mut wrong = Vec::new();
        if decisions != "*" && !decisions.split('|').any(|allowed| allowed == answer.decision.name()) {
            wrong.push(format!("decision {decisions}"));
        }
        if !code_holds(code, &answer) {
            wrong.push(format!("code {code}"));
        }
        for condition in conditions.split(';').map(str::trim).filter(|condition| !condition.is_empty()) {
            if !condition.split('|').any(|condition| condition_holds(&engine, condition, &answer)) {
                wrong.push(condition.to_owned());
            }
        }
        if !wrong.is_empty() {
            let reasons: Vec<&str> = answer.reasons.iter().map(|reason| reason.name()).collect();
            let first = answer.candidates.first().map(|first| {
                let name = first.matched.as_ref().map_or("", |name| name.text.as_str());
                format!("{} {:.2} by {name:?} ({:?}, {:?})", first.code, first.confidence, first.tier, first.level_match)
            });
            failures.push(format!(
                "{title:?}: expected {}; found {} {reasons:?} {}",
                wrong.join(", "),
                answer.decision.name(),
                first.unwrap_or_default()
            ));
        }
    }
    assert!(asked >= 50, "the table has its cases");
    assert!(failures.is_empty(), "{} of {asked} cases fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn odd_input_is_answered() {
    let engine = engine();
    let long = "engineer ".repeat(1200);
    let cases = [
        long.as_str(),
        "\0\0\0",
        "Nurse\0",
        "\u{feff}Nurse",
        "👩‍💻👨🏽‍🚒🇩🇪",
        "a\u{301}\u{301}\u{301}\u{301}",
        "ﷺ",
        "(((((((((",
        "////||||----",
        "\r\n\t",
        "Ｓｅｎｉｏｒ　Ｅｎｇｉｎｅｅｒ",
        "%s%n%x ${jndi:ldap://x}",
        "'; DROP TABLE titles; --",
    ];
    for title in cases {
        let answer = classify(&engine, title);
        assert!(answer.decision == Decision::Accept || !answer.reasons.is_empty(), "{title:?} is answered without a reason");
    }
    assert_eq!(classify(&engine, &long).reasons[0].name(), "input_too_long");
}
