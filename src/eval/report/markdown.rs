//! Writes a report as Markdown.

use std::fmt::Write;

use super::Report;
use crate::eval::{ConfidenceMeasures, Estimate, Run};

/// Writing into a string cannot fail.
const CANNOT_FAIL: &str = "a string can always grow";

pub(super) fn write(report: &Report) -> String {
    let mut text = format!("# Evaluation by rolecall {}\n\n    {}\n", report.version, report.command);
    for run in &report.runs {
        write_run(&mut text, run).expect(CANNOT_FAIL);
    }
    text
}

/// A share with three digits; a dash for none.
pub(super) fn share(value: f64) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{value:.3}") }
}

fn estimate(value: Estimate) -> String {
    format!("{} [{}, {}]", share(value.mean), share(value.low), share(value.high))
}

/// A count with its thousands parted.
pub(super) fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

pub(super) fn facts(run: &Run) -> String {
    let mut text = format!("{}: {} roles, {} names", run.index.taxonomy, count(run.index.roles), count(run.index.names));
    for (label, value) in [("ranker", &run.index.ranker), ("calibration", &run.index.calibration)] {
        if !value.is_empty() {
            text.push_str(&format!(", {label} {value}"));
        }
    }
    if let Some(seconds) = run.index.build_seconds {
        text.push_str(&format!(", built in {seconds:.1} s"));
    }
    if let Some(bytes) = run.index.bytes {
        text.push_str(&format!(", {:.1} MB", bytes as f64 / 1e6));
    }
    if let Some(speed) = run.speed {
        text.push_str(&format!(", {:.0} µs a title (median {:.0}, 99th percentile {:.0})", speed.mean_us, speed.p50_us, speed.p99_us));
    }
    text
}

fn write_run(text: &mut String, run: &Run) -> std::fmt::Result {
    write!(text, "\n## {}\n\n{}.\n", run.name, facts(run))?;
    if let Some(share_accepted) = run.accepted_without_right {
        write!(text, "\nAccepted although no code is right: {} of the titles.\n", share(share_accepted))?;
    }
    if !run.methods.is_empty() {
        write!(text, "\n| method | titles | accuracy@1 | recall@5 | recall@10 | MRR@10 | MAP@10 |\n|---|--:|---|--:|--:|---|---|\n")?;
        for method in &run.methods {
            let measures = &method.measures;
            writeln!(
                text,
                "| {} | {} | {} | {} | {} | {} | {} |",
                method.name,
                count(measures.titles),
                estimate(measures.accuracy),
                share(measures.recall[&5]),
                share(measures.recall[&10]),
                estimate(measures.mrr),
                share(measures.map.mean),
            )?;
        }
    }
    if let Some(confidence) = run.methods.first().and_then(|method| method.measures.confidence.as_ref()) {
        write_confidence(text, run, confidence)?;
    }
    if !run.comparisons.is_empty() {
        write!(text, "\n| rows that one method alone has right | rolecall | other | both | neither | chance |\n|---|--:|--:|--:|--:|--:|\n")?;
        for found in &run.comparisons {
            let chance = if found.chance < 1e-4 { "< 0.0001".to_owned() } else { format!("{:.4}", found.chance) };
            let counts = [found.only_first, found.only_second, found.both, found.neither].map(count);
            writeln!(text, "| {} | {} | {chance} |", found.second, counts.join(" | "))?;
        }
    }
    write_parts(text, run)?;
    write_changes(text, run)?;
    write_via(text, run)?;
    if !run.misses.is_empty() {
        write!(text, "\n| wrong first answer | given | right | place | confidence |\n|---|---|---|--:|--:|\n")?;
        for miss in &run.misses {
            let place = miss.place.map_or_else(|| "–".to_owned(), |place| place.to_string());
            writeln!(text, "| {} | {} | {} | {place} | {:.2} |", cell(&miss.text), cell(&miss.first), cell(&miss.right.join("; ")), miss.confidence)?;
        }
    }
    Ok(())
}

fn write_confidence(text: &mut String, run: &Run, found: &ConfidenceMeasures) -> std::fmt::Result {
    write!(text, "\nAccepts {} of the titles, {} of them right. ", share(found.accepted), share(found.accepted_precision))?;
    let coverage: Vec<String> =
        found.coverage_at.iter().map(|at| format!("{} at {:.0} %", share(at.coverage), at.precision * 100.0)).collect();
    write!(text, "Coverage by precision: {}. ", coverage.join(", "))?;
    writeln!(
        text,
        "Calibration error {}, area under the curve {}, Brier score {} ({} better than a constant).",
        share(found.calibration_error),
        share(found.auc),
        share(found.brier),
        share(found.brier_gain),
    )?;
    if let Some(sets) = run.methods.first().and_then(|method| method.measures.sets.as_ref()) {
        let fixed = sets.fixed_size.map_or_else(|| "no list of up to 50".to_owned(), |size| format!("a fixed list of {size}"));
        writeln!(text, "Candidate sets hold {:.2} codes on average and a right one in {}; {fixed} would hold it as often.", sets.size, share(sets.coverage))?;
    }
    Ok(())
}

fn write_parts(text: &mut String, run: &Run) -> std::fmt::Result {
    let parts = run.methods.first().map_or(&[] as &[_], |method| &method.measures.parts);
    if parts.is_empty() {
        return Ok(());
    }
    write!(text, "\n| by | part | titles | accuracy@1 | MRR@10 |\n|---|---|--:|--:|--:|\n")?;
    for part in parts {
        writeln!(text, "| {} | {} | {} | {} | {} |", part.by, cell(&part.name), count(part.titles), share(part.accuracy), share(part.mrr))?;
    }
    Ok(())
}

fn write_changes(text: &mut String, run: &Run) -> std::fmt::Result {
    if run.changes.is_empty() {
        return Ok(());
    }
    write!(text, "\n| change of the title | pairs | same answer | left out | an answer that changed |\n|---|--:|--:|--:|---|\n")?;
    for rate in &run.changes {
        let example = rate.changed.first().map_or_else(String::new, |(left, right)| format!("{left} → {right}"));
        writeln!(text, "| {} | {} | {} | {} | {} |", rate.change.name(), count(rate.pairs), share(rate.share), rate.excluded_count, cell(&example))?;
    }
    let excluded: Vec<String> = run.changes.iter().flat_map(|rate| &rate.excluded).map(|(left, right)| format!("{left} → {right}")).collect();
    if !excluded.is_empty() {
        writeln!(text, "\nLeft out, since both are names of different roles: {}.", excluded.join("; "))?;
    }
    Ok(())
}

fn write_via(text: &mut String, run: &Run) -> std::fmt::Result {
    if let Some(families) = &run.families {
        let shares = [families.likely, families.rejected].map(share);
        writeln!(text, "\nOf {} titles, {} get a family at a confidence of a half, {} are rejected.", count(families.titles), shares[0], shares[1])?;
    }
    let Some(via) = &run.via else { return Ok(()) };
    writeln!(text, "\n{} rows through {} mappings; {} of the answers have one.", count(via.rows), via.scheme.name(), share(via.mapped))?;
    write!(text, "\n| depth | all | odd | even | accepted | accepted, odd |\n|---|--:|--:|--:|--:|--:|\n")?;
    for depth in &via.depths {
        let shares = [depth.accuracy, depth.odd, depth.even, depth.accepted, depth.accepted_odd].map(share);
        writeln!(text, "| {} | {} |", depth.depth.name(), shares.join(" | "))?;
    }
    let accepted = [via.accepted, via.accepted_odd, via.accepted_precision].map(share);
    writeln!(text, "\nAccepts {} of the rows ({} of the odd ones), {} of them right at the finest depth.", accepted[0], accepted[1], accepted[2])?;
    if let Some(levels) = &via.levels {
        writeln!(text, "\nLevel right in {} of {} rows.", share(levels.accuracy), count(levels.rows))?;
        if !levels.misses.is_empty() {
            write!(text, "\n| wrong level | judged | answer |\n|---|---|---|\n")?;
            for [title, level, answer] in &levels.misses {
                writeln!(text, "| {} | {} | {} |", cell(title), cell(level), cell(answer))?;
            }
        }
    }
    if !via.misses.is_empty() {
        write!(text, "\n| wrong (codes with an even last digit) | gold | answer |\n|---|---|---|\n")?;
        for [title, gold, answer] in &via.misses {
            writeln!(text, "| {} | {} | {} |", cell(title), cell(gold), cell(answer))?;
        }
    }
    Ok(())
}
