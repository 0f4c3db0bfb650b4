//! `rolecall match`: turns titles into answers on the terminal, or one JSON object a title.

use std::fmt::Write as _;
use std::io::{BufRead, IsTerminal, Write};

use rolecall::analysis::Noise;
use rolecall::decide::Decision;
use rolecall::engine::{Classification, Engine, MatchOptions, Relaxation, RoleCandidate, Tier};

use super::args::MatchArgs;
use super::exit::{Failure, Outcome};
use super::paint::Paint;
use super::settings;

/// Width of the column that decisions and places stand in.
const MARGIN: usize = 8;

pub(crate) fn run(args: MatchArgs) -> Result<Outcome, Failure> {
    let engine = settings::engine(&args.engine)?;
    let options = settings::options(engine, &args.ask, args.limit, args.explain)?;
    let mut answers = Answers { engine, options, json: args.json, paint: Paint::stdout(), found: false, headed: true };
    if args.titles.is_empty() {
        answers.from_stdin()?;
    } else {
        answers.headed = args.titles.len() > 1;
        let mut stdout = std::io::stdout().lock();
        for title in &args.titles {
            answers.write(title, &mut stdout)?;
        }
    }
    Ok(if answers.found { Outcome::Done } else { Outcome::Nothing })
}

struct Answers {
    engine: &'static Engine,
    options: MatchOptions,
    json: bool,
    paint: Paint,
    /// Whether any title was not rejected.
    found: bool,
    /// Whether each answer is headed by its title.
    headed: bool,
}

impl Answers {
    /// Answers line by line as they come, so that a program can talk to this one.
    fn from_stdin(&mut self) -> Result<(), Failure> {
        let stdin = std::io::stdin().lock();
        if stdin.is_terminal() {
            eprintln!("rolecall: type a title a line, end with Ctrl-D");
        }
        let mut stdout = std::io::stdout().lock();
        for line in stdin.split(b'\n') {
            let mut bytes = line.map_err(|error| Failure::io(format!("stdin cannot be read: {error}")))?;
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
            let title = String::from_utf8_lossy(&bytes);
            self.write(title.trim_start_matches('\u{feff}'), &mut stdout)?;
        }
        Ok(())
    }

    fn write(&mut self, title: &str, stdout: &mut impl Write) -> Result<(), Failure> {
        let answer = self.engine.classify(title, &self.options);
        self.found |= answer.decision != Decision::Reject;
        if self.json {
            serde_json::to_writer(&mut *stdout, &answer).map_err(std::io::Error::from)?;
            stdout.write_all(b"\n")?;
        } else {
            let heading = self.headed.then_some(title);
            stdout.write_all(page(&answer, heading, &self.options, self.paint).as_bytes())?;
        }
        stdout.flush()?;
        Ok(())
    }
}

/// An answer for a person.
fn page(answer: &Classification, heading: Option<&str>, options: &MatchOptions, paint: Paint) -> String {
    let mut page = String::new();
    if let Some(title) = heading {
        let _ = writeln!(page, "{}", paint.strong(&printable(title)));
    }
    first_lines(&mut page, answer, paint);
    reading_line(&mut page, answer, paint);
    if answer.parts.is_empty() {
        for (place, candidate) in answer.candidates.iter().enumerate() {
            if place > 0 {
                candidate_line(&mut page, &format!("{:>6}", place + 1), candidate, paint);
            }
            if options.explain {
                explanation(&mut page, candidate, paint);
            }
        }
    } else {
        for part in &answer.parts {
            let _ = writeln!(page, "{:MARGIN$}part {}", "", paint.strong(&format!("{:?}", printable(&part.input))));
            first_lines(&mut page, part, paint);
        }
    }
    if heading.is_some() {
        page.push('\n');
    }
    page
}

/// Decision with the first role, its reason in a line, and the group when the role is open.
fn first_lines(page: &mut String, answer: &Classification, paint: Paint) {
    let decision = format!("{}{}", paint.decision(answer.decision), " ".repeat(MARGIN - answer.decision.name().len()));
    let reasons: Vec<&str> = answer.reasons.iter().map(|reason| reason.name()).collect();
    let first = answer.candidates.first().filter(|_| answer.parts.is_empty());
    match first {
        Some(first) => {
            candidate_line(page, &decision, first, paint);
            let _ = writeln!(page, "{:MARGIN$}{}", "", why(first));
            if !reasons.is_empty() {
                let _ = writeln!(page, "{:MARGIN$}{}", "", reasons.join(", "));
            }
        }
        None => {
            let _ = writeln!(page, "{decision}{}", reasons.join(", "));
        }
    }
    if let Some(group) = answer.group.as_ref().filter(|_| answer.decision != Decision::Accept) {
        let missing = group.missing.as_deref().map(|missing| format!(" — {missing}")).unwrap_or_default();
        let _ = writeln!(
            page,
            "{:MARGIN$}{} {}  {}  {:.2}, {}{missing}",
            "",
            group.kind.replace('_', " "),
            paint.strong(&group.code),
            group.title,
            group.confidence,
            group.decision.name(),
        );
    }
}

fn candidate_line(page: &mut String, margin: &str, candidate: &RoleCandidate, paint: Paint) {
    let level = candidate.level.map(|level| format!("  {level}")).unwrap_or_default();
    let codes: Vec<String> = candidate.mappings.iter().map(|mapping| format!("{} {}", mapping.scheme, mapping.code)).collect();
    let codes = if codes.is_empty() { String::new() } else { format!("  [{}]", codes.join(", ")) };
    let margin = if margin.starts_with(' ') { format!("{margin}  ") } else { margin.to_owned() };
    let code = paint.strong(candidate.code.as_str());
    let _ = writeln!(page, "{margin}{:.2}  {code}  {}{level}{codes}", candidate.confidence, candidate.title);
}

/// Why a role was chosen, in a line.
fn why(candidate: &RoleCandidate) -> String {
    let mut parts = Vec::new();
    match (&candidate.matched, candidate.tier) {
        (_, Tier::Code) => parts.push("the title is the code".to_owned()),
        (Some(name), Tier::Override) => parts.push(format!("your override for {:?}", name.text)),
        (Some(name), Tier::Exact | Tier::Known) => parts.push(format!("is the {} {:?}", name.field, name.text)),
        (Some(name), Tier::Novel) => parts.push(format!("is like the {} {:?}", name.field, name.text)),
        (None, _) => parts.push("no name shares a word with the title".to_owned()),
    }
    if !candidate.relaxations.is_empty() {
        let names: Vec<String> = candidate.relaxations.iter().map(|relaxation| relaxation_name(*relaxation)).collect();
        parts.push(format!("forgiven: {}", names.join(", ")));
    }
    if !candidate.unmatched.query.is_empty() {
        parts.push(format!("left over: {}", candidate.unmatched.query.join(", ")));
    }
    parts.join("; ")
}

fn relaxation_name(relaxation: Relaxation) -> String {
    serde_json::to_value(relaxation).ok().and_then(|value| value.as_str().map(|name| name.replace('_', " "))).unwrap_or_default()
}

/// How the title was read, when that is not how it was typed.
fn reading_line(page: &mut String, answer: &Classification, paint: Paint) {
    let parsed = &answer.parsed;
    let mut parts = Vec::new();
    if !parsed.normalized.is_empty() && parsed.normalized != answer.input.trim().to_lowercase() {
        parts.push(format!("read as {:?}", parsed.normalized));
    }
    if let Some(level) = &parsed.level {
        let grades = match (level.track, level.min, level.max) {
            (Some(track), Some(min), Some(max)) if min == max => format!(" = {}{min}", track.letter()),
            (Some(track), Some(min), Some(max)) => format!(" = {0}{min}–{0}{max}", track.letter()),
            _ => String::new(),
        };
        parts.push(format!("level {:?}{grades}", level.word));
    }
    for typo in &parsed.typos {
        parts.push(format!("typo {:?} for {:?}", printable(&typo.from), typo.to));
    }
    if !parsed.noise.is_empty() {
        let noise: Vec<String> = parsed.noise.iter().map(|Noise { text, .. }| printable(text)).collect();
        parts.push(format!("ignored: {}", noise.join(", ")));
    }
    if !parts.is_empty() {
        let _ = writeln!(page, "{:MARGIN$}{}", "", paint.faint(&parts.join("; ")));
    }
}

fn explanation(page: &mut String, candidate: &RoleCandidate, paint: Paint) {
    let Some(explanation) = &candidate.explanation else { return };
    for sentence in &explanation.sentences {
        let _ = writeln!(page, "{:MARGIN$}  · {sentence}", "");
    }
    let listed = |pairs: Vec<String>, name: &str, page: &mut String| {
        if !pairs.is_empty() {
            let _ = writeln!(page, "{:MARGIN$}    {}", "", paint.faint(&format!("{name}: {}", pairs.join(", "))));
        }
    };
    let features = explanation.features.iter().map(|feature| format!("{} {:.2}", feature.name, feature.value)).collect();
    listed(features, "features", page);
    let learned = explanation.learned.iter().map(|share| format!("{} {:+.2}", share.feature, share.weight)).collect();
    listed(learned, "learnt", page);
}

/// Text that cannot move the cursor: control characters are shown, not obeyed.
fn printable(text: &str) -> String {
    text.chars().flat_map(|letter| if letter.is_control() { letter.escape_default().collect::<Vec<_>>() } else { vec![letter] }).collect()
}
