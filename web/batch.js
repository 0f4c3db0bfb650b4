// Turns a dropped or pasted list into a job with progress, counts, review and downloads; nothing of it leaves for anywhere but the service.

import { announce, download, h, show } from "./dom.js";
import { decode, lines, parse, separatorOf } from "./csv.js";
import { codedCsv, hasHeader, newJob, overridesCsv, run, tally, titleColumn } from "./job.js";
import { review } from "./review.js";
import { count, DECISIONS } from "./words.js";

/** Most bytes of a file that the page reads: a larger one is a matter for the command line. */
const MAX_BYTES = 64 * 1024 * 1024;
const SAMPLE = `id,job_title,city
1,Sr. DevOps Eng. (Remote),Leeds
2,Registered Nurse,Hull
3,sofware develper,Leeds
4,Senior DevOps Engineer,York
5,Sales Mgr / Account Executive,Hull
6,Registered Nurse (Nights),Leeds
7,Head of Marketing,York
8,Warehouse Operative - £12.50ph,Goole
9,Data wrangler for pharma trials,York
10,Registered Nurse,York
11,Kaufmännischer Leiter (m/w/d),Köln
12,Engineer,Hull`;

/** The job outlives the view, so that a look at a role's page loses nothing. */
let job = null;
let running = null;

/** Reads a text as a table or as lines: header, rows and the column that seems to hold titles. */
function read(text, name) {
  const separator = separatorOf(text);
  const rows = separator ? parse(text, separator) : lines(text).map((line) => [line]);
  const headed = separator ? hasHeader(rows) : rows.length > 1 && /^(job[ _-]?)?titles?$/i.test(rows[0][0]);
  const width = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const header = headed ? rows[0] : width === 1 ? ["title"] : Array.from({ length: width }, (_, column) => `column ${column + 1}`);
  const body = headed ? rows.slice(1) : rows;
  return { name, header, rows: body, column: titleColumn(header, body) };
}

function intake(started, problem) {
  const area = h("textarea", { id: "titles", rows: 9, spellcheck: "false", placeholder: "One title a line, or a table with a header:\n\nSr. DevOps Eng. (Remote)\nRegistered Nurse\n…" });
  const file = h("input", { type: "file", id: "file", hidden: true, accept: ".csv,.tsv,.txt,text/csv,text/plain", on: { change: () => file.files[0] && take(file.files[0]) } });
  const preview = h("div", { class: "preview", "aria-live": "polite" });
  let table = null;

  const look = (text, name) => {
    table = text.trim() ? read(text, name) : null;
    show(preview, table && chooser(table));
  };
  const take = async (given) => {
    if (given.size > MAX_BYTES) return show(preview, h("p", { class: "reasons" }, `${given.name} has ${Math.round(given.size / 1e6)} MB. Use rolecall classify for files above ${MAX_BYTES >> 20} MB.`));
    const { text, encoding } = decode(await given.arrayBuffer());
    if (text === null || text.includes("\0")) return show(preview, h("p", { class: "reasons" }, `${given.name} is no text. Save it as CSV first.`));
    area.value = "";
    look(text, given.name);
    if (encoding !== "UTF-8") preview.prepend(h("p", { class: "reasons" }, `${given.name} is not UTF-8; it was read as ${encoding}. Check the accents below.`));
    return preview.querySelector("button.primary")?.focus();
  };
  const chooser = (found) => {
    const select = h("select", { id: "column", on: { change: () => { found.column = Number(select.value); show(preview, chooser(found)); document.getElementById("column").focus(); } } },
      found.header.map((name, column) => h("option", { value: column, selected: column === found.column }, name)));
    const titles = new Set(found.rows.map((row) => (row[found.column] ?? "").trim()));
    return h("form", { class: "chooser", on: { submit: (event) => { event.preventDefault(); started(newJob(found)); } } },
      h("p", null, h("strong", null, found.name), ` · ${count(found.rows.length, "row")}, ${count(titles.size, "different title")}`),
      found.header.length > 1 && h("div", { class: "inline" }, h("label", { for: "column" }, "Titles are in"), select),
      h("ul", { class: "samples" }, [...titles].slice(0, 5).map((title) => h("li", null, title || h("span", { class: "muted" }, "(empty)")))),
      h("button", { class: "primary" }, `Code ${count(found.rows.length, "row")}`));
  };
  area.addEventListener("input", () => look(area.value, "Pasted list"));
  const drop = h("section", { class: "drop", "aria-label": "Your list" },
    h("label", { for: "titles" }, "Paste titles or a table"), area,
    h("p", { class: "inline" }, h("button", { type: "button", on: { click: () => file.click() } }, "Choose a file"), file,
      h("span", { class: "muted" }, "or drop one here. CSV, TSV or text; the column is yours to choose."),
      h("button", { type: "button", class: "plain", on: { click: () => { area.value = SAMPLE; look(SAMPLE, "Example"); } } }, "Try an example")));
  const over = (inside) => (event) => { event.preventDefault(); drop.classList.toggle("over", inside); };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => { over(false)(event); if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]); });
  return [problem && h("p", { class: "reasons", role: "alert" }, problem), h("div", { class: "intake" }, drop, preview)];
}

/** The bar of a job that runs. */
function progress(ended) {
  const bar = h("progress", { max: job.titles.length, value: job.answers.length, "aria-label": "Titles answered" });
  const said = h("p", { class: "number" });
  const own = (running = new AbortController());
  const since = performance.now();
  const begun = job.answers.length;
  const write = () => {
    bar.value = job.answers.length;
    const rate = Math.round((job.answers.length - begun) / Math.max((performance.now() - since) / 1000, 0.001));
    show(said, `${job.answers.length.toLocaleString("en")} of ${count(job.titles.length, "different title")}`, job.answers.length > begun && ` · ${rate.toLocaleString("en")} a second`);
  };
  let drawn = 0;
  run(job, () => {
    if (performance.now() - drawn > 60) { drawn = performance.now(); write(); }
  }, own.signal).then(() => ended(null), (error) => ended(own.signal.aborted ? "Stopped." : error.message)).finally(() => { running = null; });
  write();
  return h("section", { class: "progress", "aria-label": "Progress" }, h("p", null, h("strong", null, job.name)), bar, said,
    h("button", { type: "button", on: { click: () => own.abort() } }, "Stop"));
}

/** Shares of the rows as one bar. */
function stack(counts) {
  const named = ["accept", "review", "reject"];
  return h("div", { class: "stack", role: "img", "aria-label": named.map((name) => `${DECISIONS[name].word} ${counts[name]} of ${counts.rows}`).join(", ") },
    named.map((name) => counts[name] > 0 && h("span", { class: name, vars: { share: counts[name] } })));
}

function figures(counts) {
  const share = (rows) => `${counts.rows ? Math.round((rows / counts.rows) * 100) : 0}%`;
  return h("dl", { class: "figures" },
    ["accept", "review", "reject"].map((name) => h("div", { class: name }, h("dt", null, DECISIONS[name].word), h("dd", null, counts[name].toLocaleString("en"), " ", h("small", null, share(counts[name]))))),
    h("div", null, h("dt", null, "Settled by you"), h("dd", null, counts.settled.toLocaleString("en"), " ", h("small", null, `rows, ${count(counts.groups, "decision")}`))));
}

function result(again) {
  const base = job.name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-").toLowerCase() || "titles";
  const bar = h("div");
  const numbers = h("div");
  const overrides = h("button", { type: "button", on: { click: () => { job.taken = true; download(`${base}-overrides.csv`, overridesCsv(job)); } } }, "Download overrides CSV");
  const refresh = () => {
    const counts = tally(job);
    show(bar, stack(counts));
    show(numbers, figures(counts));
    overrides.disabled = !job.groups.some((found) => found.settled?.code);
  };
  const desk = review(job, () => { job.taken = false; refresh(); });
  refresh();
  // The mark at the beginning lets spreadsheets see that the file is UTF-8.
  const coded = h("button", { type: "button", class: "primary", on: { click: () => { job.taken = true; download(`${base}-coded.csv`, `\ufeff${codedCsv(job)}`); } } }, "Download coded CSV");
  return { list: desk.list, node: [
    h("section", { class: "result", "aria-label": "Result" },
      h("p", { class: "line" }, h("strong", null, job.name), h("span", { class: "muted" }, `${count(job.rows.length, "row")}, ${count(job.titles.length, "different title")}`)), bar,
      h("div", { class: "outcome" }, numbers, h("div", { class: "inline" }, coded, overrides, h("button", { type: "button", on: { click: again } }, "Another list")))),
    desk.element] };
}

/** Whether leaving would lose decisions. */
const unsaved = () => Boolean(job?.groups.some((found) => found.settled) && !job.taken);

/** The view that codes a list. */
export function batchView() {
  const stage = h("div", { class: "stage" });
  const lead = h("p", { class: "lead" }, "Titles that repeat are asked once. What is unsure comes to you, the decision that settles most rows first.");
  const begin = (problem) => { job = null; lead.hidden = false; show(stage, intake((next) => { job = next; work(); }, problem)); };
  const work = () => show(stage, progress((problem) => {
    if (problem && !job.answers.length) return begin(problem);
    if (problem) {
      return show(stage, h("section", { class: "progress", role: "alert" }, h("p", null, `${problem} ${count(job.answers.length, "title")} of ${job.titles.length.toLocaleString("en")} are answered and kept.`),
        h("div", { class: "inline" }, h("button", { type: "button", class: "primary", on: { click: work } }, "Go on"), h("button", { type: "button", on: { click: () => begin() } }, "Start over"))));
    }
    const counts = tally(job);
    announce(`Done: ${counts.accept} accepted, ${counts.review} to review, ${counts.reject} without an answer.`);
    return finish(true);
  }));
  const finish = (fresh) => {
    const shown = result(() => {
      if (!unsaved() || confirm("Decisions that you have not downloaded are lost. Go on?")) begin();
    });
    lead.hidden = true;
    show(stage, shown.node);
    if (fresh) shown.list.focus({ preventScroll: true });
  };
  if (job && !running && job.groups.length) finish(false);
  else if (job && running) { running.abort(); work(); }
  else begin();
  return { title: "Batch", node: h("article", { class: "batch" }, h("header", null, h("h1", null, "Code a list"), lead), stage) };
}

addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault();
});
