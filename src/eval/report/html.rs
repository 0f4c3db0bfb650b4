//! Writes a report as a page that stands alone.

use super::markdown::{count, facts, share};
use super::svg::{Picture, draw};
use super::Report;
use crate::eval::{ConfidenceMeasures, Run};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fff}\
h1,h2{line-height:1.2}h2{margin-top:3rem;border-top:1px solid #c8d1da;padding-top:1rem}\
table{border-collapse:collapse;margin:1rem 0;font-size:.9rem}th,td{border-bottom:1px solid #dde3e9;padding:.25rem .6rem;text-align:left}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{background:#eef2f5;padding:.1rem .3rem}\
.pictures{display:flex;flex-wrap:wrap;gap:1.5rem}figure{margin:0;flex:1 1 20rem;max-width:30rem}figcaption{font-size:.85rem}\
svg{width:100%;height:auto;font-size:11px;fill:currentColor}.grid{stroke:currentColor;opacity:.15}.ideal{stroke:currentColor;opacity:.5;stroke-dasharray:4 4}\
.curve{fill:none;stroke:#0b6bcb;stroke-width:2}.dot{fill:#0b6bcb}\
@media(prefers-color-scheme:dark){body{color:#dfe7ee;background:#12181e}th,td{border-color:#2c3742}code{background:#1e2831}.curve{stroke:#6db3ff}.dot{fill:#6db3ff}}";

pub(super) fn write(report: &Report) -> String {
    let runs: String = report.runs.iter().map(run_section).collect();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Evaluation by rolecall {version}</title><style>{STYLE}</style>\
         <h1>Evaluation by rolecall {version}</h1><p><code>{command}</code></p>{runs}</html>\n",
        version = escape(&report.version),
        command = escape(&report.command),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A table; columns from `numbers_from` on hold numbers.
fn table(head: &[&str], numbers_from: usize, rows: impl Iterator<Item = Vec<String>>) -> String {
    let class = |column: usize| if column >= numbers_from { " class=\"n\"" } else { "" };
    let head: String = head.iter().enumerate().map(|(column, name)| format!("<th{}>{}</th>", class(column), escape(name))).collect();
    let row = |cells: Vec<String>| -> String {
        let cells: String = cells.iter().enumerate().map(|(column, cell)| format!("<td{}>{}</td>", class(column), escape(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    format!("<table><tr>{head}</tr>{}</table>", rows.map(row).collect::<String>())
}

fn run_section(run: &Run) -> String {
    let mut html = format!("<h2>{}</h2><p>{}.</p>", escape(&run.name), escape(&facts(run)));
    if let Some(accepted) = run.accepted_without_right {
        html.push_str(&format!("<p>Accepted although no code is right: {} of the titles.</p>", share(accepted)));
    }
    let methods = run.methods.iter().map(|method| {
        let found = &method.measures;
        let mut row = vec![method.name.clone(), count(found.titles), share(found.accuracy.mean), format!("{}–{}", share(found.accuracy.low), share(found.accuracy.high))];
        row.extend([found.recall[&5], found.recall[&10], found.mrr.mean, found.map.mean].map(share));
        row
    });
    if !run.methods.is_empty() {
        html.push_str(&table(&["method", "titles", "accuracy@1", "95 % interval", "recall@5", "recall@10", "MRR@10", "MAP@10"], 1, methods));
    }
    if let Some(confidence) = run.methods.first().and_then(|method| method.measures.confidence.as_ref()) {
        html.push_str(&pictures(confidence));
        let mut rows = vec![
            vec!["accepted".to_owned(), share(confidence.accepted)],
            vec!["right among the accepted".to_owned(), share(confidence.accepted_precision)],
        ];
        rows.extend(confidence.coverage_at.iter().map(|at| vec![format!("coverage at {:.0} % precision", at.precision * 100.0), share(at.coverage)]));
        rows.extend([
            vec!["calibration error".to_owned(), share(confidence.calibration_error)],
            vec!["area under the curve".to_owned(), share(confidence.auc)],
            vec!["Brier score".to_owned(), share(confidence.brier)],
            vec!["Brier gain over a constant".to_owned(), share(confidence.brier_gain)],
        ]);
        if let Some(sets) = run.methods[0].measures.sets {
            rows.push(vec!["codes in a candidate set".to_owned(), format!("{:.2}", sets.size)]);
            rows.push(vec!["sets with a right code".to_owned(), share(sets.coverage)]);
            rows.push(vec!["shortest fixed list as good".to_owned(), sets.fixed_size.map_or_else(|| "over 50".to_owned(), |size| size.to_string())]);
        }
        html.push_str(&table(&["confidence", ""], 1, rows.into_iter()));
    }
    if !run.comparisons.is_empty() {
        let rows = run.comparisons.iter().map(|found| {
            let counts = [found.only_first, found.only_second, found.both, found.neither].map(count);
            let mut row = vec![found.second.clone()];
            row.extend(counts);
            row.push(format!("{:.4}", found.chance));
            row
        });
        html.push_str(&table(&["against", "only rolecall right", "only the other", "both", "neither", "chance"], 1, rows));
    }
    let parts = run.methods.first().map_or(&[] as &[_], |method| &method.measures.parts);
    if !parts.is_empty() {
        let rows = parts.iter().map(|part| vec![part.by.to_owned(), part.name.clone(), count(part.titles), share(part.accuracy), share(part.mrr)]);
        html.push_str(&table(&["by", "part", "titles", "accuracy@1", "MRR@10"], 2, rows));
    }
    if !run.changes.is_empty() {
        let rows = run.changes.iter().map(|rate| vec![rate.change.name().to_owned(), count(rate.pairs), share(rate.share), count(rate.excluded_count)]);
        html.push_str(&table(&["change of the title", "pairs", "same answer", "left out"], 1, rows));
    }
    if let Some(families) = &run.families {
        let shares = [families.likely, families.rejected].map(share);
        html.push_str(&format!("<p>Of {} titles, {} get a family at a confidence of a half, {} are rejected.</p>", count(families.titles), shares[0], shares[1]));
    }
    if let Some(via) = &run.via {
        let rows = via.depths.iter().map(|depth| vec![depth.depth.name().to_owned(), share(depth.accuracy), share(depth.odd), share(depth.even)]);
        html.push_str(&table(&["depth", "all", "odd", "even"], 1, rows));
        html.push_str(&format!("<p>Accepts {} of the rows, {} of them right.</p>", share(via.accepted), share(via.accepted_precision)));
        if let Some(levels) = &via.levels {
            html.push_str(&format!("<p>Level right in {} of {} rows.</p>", share(levels.accuracy), count(levels.rows)));
        }
    }
    if !run.misses.is_empty() {
        let rows = run.misses.iter().map(|miss| {
            let place = miss.place.map_or_else(|| "–".to_owned(), |place| place.to_string());
            vec![miss.text.clone(), miss.first.clone(), miss.right.join("; "), place, format!("{:.2}", miss.confidence)]
        });
        html.push_str(&table(&["wrong first answer", "given", "right", "place", "confidence"], 3, rows));
    }
    html
}

fn pictures(found: &ConfidenceMeasures) -> String {
    let curve: Vec<(f64, f64)> = found.curve.iter().map(|point| (point.coverage, point.precision)).collect();
    let bins: Vec<(f64, f64)> = found.bins.iter().map(|bin| (bin.confidence, bin.accuracy)).collect();
    let lowest = curve.iter().map(|point| point.1).fold(1.0, f64::min);
    let risk = draw(&Picture {
        label: "Precision of the surest titles by their share",
        x_title: "share of titles, surest first",
        y_title: "right",
        y_from: if lowest >= 0.5 { 0.5 } else { 0.0 },
        points: &curve,
        diagonal: false,
        dots: false,
    });
    let calibration = draw(&Picture {
        label: "Share right by stated confidence",
        x_title: "confidence stated",
        y_title: "right",
        y_from: 0.0,
        points: &bins,
        diagonal: true,
        dots: true,
    });
    format!(
        "<div class=\"pictures\"><figure>{risk}<figcaption>Precision by coverage</figcaption></figure>\
         <figure>{calibration}<figcaption>Calibration, ten bins of equally many titles</figcaption></figure></div>"
    )
}
