// Turns a list of titles into a job: distinct titles asked once, answers grouped by what one decision settles, tables to take away.

import { ApiError, matchAll } from "./api.js";
import { write } from "./csv.js";

/** Titles in one request: small enough that progress is seen, large enough that requests cost nothing. */
const CHUNK = 500;
/** Times that a busy service is asked again. */
const RETRIES = 5;

/** Names that a column of titles usually has, best first, as `rolecall classify` knows them. */
const TITLE_COLUMNS = ["title", "job_title", "jobtitle", "title_raw", "raw_title", "title_text", "position_title", "position", "job_name", "jobname", "job",
  "role", "role_title", "job_role", "occupation", "designation", "profession", "current_title", "vacancy_title", "posting_title", "stellenbezeichnung",
  "berufsbezeichnung", "beruf", "intitule"];

const plainName = (name) => name.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_");

/** Whether the first row names columns: its cells are distinct, filled, and none is a number. */
export const hasHeader = (rows) => rows.length > 1 && new Set(rows[0]).size === rows[0].length && rows[0].every((cell) => cell.trim() && !/^[\d.,\s-]+$/.test(cell));

/** The column that holds titles: a usual name, else the one with most words that are no numbers. */
export function titleColumn(header, rows) {
  const names = header.map(plainName);
  for (const name of TITLE_COLUMNS) if (names.includes(name)) return names.indexOf(name);
  const sample = rows.slice(0, 50);
  const letters = header.map((_, column) => sample.reduce((sum, row) => sum + (row[column] ?? "").replace(/[^\p{L}]/gu, "").length, 0));
  return letters.indexOf(Math.max(...letters));
}

/** Begins a job: `header` and `rows` as read, `column` where the titles stand. */
export function newJob({ name, header, rows, column }) {
  const places = new Map();
  const titleOf = rows.map((row) => {
    const title = (row[column] ?? "").trim();
    if (!places.has(title)) places.set(title, places.size);
    return places.get(title);
  });
  const times = new Array(places.size).fill(0);
  for (const place of titleOf) times[place] += 1;
  return { name, header, rows, column, titles: [...places.keys()], titleOf, times, answers: [], groups: [], byTitle: [], meta: null, failed: null };
}

/** What of an answer the page needs: a list may be long. */
function compact(answer) {
  if (answer.error || !answer.candidates) return { decision: "reject", reasons: [], candidates: [], group: null, parsed: { normalized: "", noise: [], changes: [], segments: [] }, error: answer.error?.detail ?? answer.error ?? answer.detail ?? "not answered" };
  return {
    decision: answer.decision, reasons: answer.reasons, parsed: answer.parsed, group: answer.group, parts: answer.parts?.length ?? 0,
    candidates: answer.candidates.map(({ code, title, family, level, confidence, tier, matched, unmatched, level_match, relaxations }) => ({ code, title, family, level, confidence, tier, matched, unmatched, level_match, relaxations })),
  };
}

/** What one decision settles: titles that read the same and were answered the same. */
function groupKey(title, answer) {
  if (!answer.parsed.normalized) return `=${title}`;
  return JSON.stringify([answer.parsed.normalized, answer.parsed.level?.word ?? "", answer.decision, answer.candidates[0]?.code ?? ""]);
}

/** Answers all titles that have no answer yet, in order; `tick` is called as answers come. */
export async function run(job, tick, signal) {
  let tries = 0;
  while (job.answers.length < job.titles.length) {
    const from = job.answers.length;
    try {
      const asked = job.titles.slice(from, from + CHUNK);
      await matchAll(asked, (_, answer) => {
        job.meta ??= answer.meta ?? null;
        job.answers.push(compact(answer));
        tick();
      }, signal);
      if (job.answers.length - from < asked.length) throw new ApiError(0, { title: "The answer broke off" });
      tries = 0;
    } catch (error) {
      const busy = error instanceof ApiError && [0, 429, 503].includes(error.status);
      if (signal.aborted || !busy || ++tries > RETRIES) throw error;
      await new Promise((done) => setTimeout(done, (error.retryAfter || tries) * 1000));
    }
  }
  group(job);
}

function group(job) {
  const groups = new Map();
  job.byTitle = job.titles.map((title, place) => {
    const answer = job.answers[place];
    const key = groupKey(title, answer);
    const found = groups.get(key) ?? { key, answer, titles: [], rows: 0, settled: null };
    found.titles.push(place);
    found.rows += job.times[place];
    groups.set(key, found);
    return found;
  });
  job.groups = [...groups.values()].sort((a, b) => b.rows - a.rows || (a.key < b.key ? -1 : 1));
  for (const found of job.groups) found.titles.sort((a, b) => job.times[b] - job.times[a] || a - b);
}

/** The decision of a group after review. */
export const decisionOf = (found) => (found.settled ? (found.settled.code ? "accept" : "reject") : found.answer.decision);

/** Rows and distinct titles by decision, and how much a person settled. */
export function tally(job) {
  const counts = { rows: job.rows.length, titles: job.titles.length, accept: 0, review: 0, reject: 0, settled: 0, groups: 0 };
  for (const found of job.groups) {
    counts[decisionOf(found)] += found.rows;
    if (found.settled) { counts.settled += found.rows; counts.groups += 1; }
  }
  return counts;
}

const ANSWER_COLUMNS = ["rolecall_decision", "rolecall_code", "rolecall_title", "rolecall_level", "rolecall_confidence", "rolecall_reasons",
  "rolecall_group", "rolecall_group_confidence", "rolecall_matched", "rolecall_alternatives", "rolecall_reviewed", "rolecall_error"];

const three = (number) => number.toFixed(3);

/** Cells of a group's answer, in the columns that `rolecall classify` writes. */
function cells(found) {
  const { answer, settled } = found;
  const alternatives = (list) => list.map((role) => `${role.code} ${three(role.confidence)} ${role.title}`).join(" | ");
  if (settled) {
    const others = answer.candidates.filter((role) => role.code !== settled.code);
    return [decisionOf(found), settled.code ?? "", settled.title ?? "", settled.level ?? "", "", "", "", "", "", alternatives(others), settled.note, answer.error ?? ""];
  }
  const rejected = answer.decision === "reject";
  const first = rejected ? null : answer.candidates[0];
  const group = rejected ? null : answer.group;
  return [answer.decision, first?.code ?? "", first?.title ?? "", first?.level ?? "", first ? three(first.confidence) : "", answer.reasons.join(" | "),
    group?.code ?? "", group ? three(group.confidence) : "", first?.matched?.text ?? "", alternatives(first ? answer.candidates.slice(1) : answer.candidates), "", answer.error ?? ""];
}

/** All input columns with the answer's beside them. */
export function codedCsv(job) {
  const known = new Map(job.groups.map((found) => [found, cells(found)]));
  const width = job.header.length;
  const padded = (row) => (row.length === width ? row : Array.from({ length: width }, (_, column) => row[column] ?? ""));
  return write([[...job.header, ...ANSWER_COLUMNS], ...job.rows.map((row, at) => [...padded(row), ...known.get(job.byTitle[job.titleOf[at]])])]);
}

/** Decisions as overrides: every distinct title of a settled group; a title without a role cannot be one. */
export function overridesCsv(job) {
  const rows = job.groups.filter((found) => found.settled?.code).flatMap((found) => found.titles.map((place) => [job.titles[place], found.settled.code, found.settled.note]));
  return write([["title", "code", "note"], ...rows]);
}
