// Turns a title into its answer: how it was read, the role with decision, confidence and reasons, the group, and what lost.

import { address, match } from "./api.js";
import { chip, code, h, to } from "./dom.js";
import { reading } from "./reading.js";
import { band, count, DECISIONS, levelMatch, plain, probability, reason, relaxation, scheme, statusKind, tier } from "./words.js";

const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".") : "");

/** The decision as a mark with its word, so that colour is never alone. */
export const decisionBadge = (decision) => h("span", { class: `decision ${decision}` },
  h("span", { class: "sign", "aria-hidden": "true" }, DECISIONS[decision]?.mark), DECISIONS[decision]?.word ?? decision);

/** A confidence as number, band and bar; `threshold` is drawn as the line from which answers are accepted. */
export function confidenceBar(confidence, threshold) {
  const text = `${probability(confidence)} ${band(confidence)}`;
  return h("span", { class: `confidence ${band(confidence)}` },
    h("span", { class: "number" }, probability(confidence)), " ", h("span", { class: "band" }, band(confidence)),
    h("span", { class: "track", role: "img", "aria-label": `confidence ${text}${threshold ? `; accepted from ${probability(threshold)}` : ""}`, vars: { value: confidence, threshold: threshold ?? 0 } },
      h("span", { class: "filled" }), threshold && h("span", { class: "tick" })));
}

/** Where a role was found, in a line. */
function found(candidate) {
  const name = candidate.matched;
  const kinds = { title: "title", alias: "alias", derived: "title made from its level" };
  return [name && h("span", null, `${candidate.tier === "novel" ? "Nearest name: the" : "Found as the"} ${kinds[name.field] ?? name.field} “`, h("q", { class: "bare" }, name.text), "”",
    !name.approved && [" ", chip("not approved", "warn")], ". "), sentence(tier(candidate.tier))];
}

function answerCard(answer) {
  const first = answer.candidates[0];
  const parts = answer.parts ?? [];
  const reasons = answer.reasons.map((name) => h("li", null, reason(name)));
  const head = h("div", { class: "verdict" }, decisionBadge(answer.decision), h("span", { class: "muted" }, DECISIONS[answer.decision]?.says));
  const why = reasons.length > 0 && h("ul", { class: "reasons", "aria-label": "What lowered the decision" }, reasons);
  if (!first || parts.length) {
    return h("section", { class: `answer ${answer.decision}`, "aria-labelledby": "answer" }, h("h2", { id: "answer", class: "hidden" }, "The answer"), head, why);
  }
  const rejected = answer.decision === "reject";
  const notes = [
    h("p", null, found(first)),
    first.relaxations.length > 0 && h("p", null, "Forgiven: ", first.relaxations.map(relaxation).join(", "), "."),
    first.level && h("p", null, `${first.level} is ${levelMatch(first.level_match)}.`),
  ];
  return h("section", { class: `answer ${answer.decision}`, "aria-labelledby": "answer" }, head,
    rejected && h("p", { class: "muted" }, "The nearest role, for orientation only:"),
    h("h2", { id: "answer", class: "role" }, h("a", { href: to("role", first.code) }, first.title)),
    h("p", { class: "line" }, code(first.code), first.level && chip(first.level, "level"), chip(first.status, statusKind(first.status), "status of the role's record"),
      (first.mappings ?? []).map((mapping) => chip(`${scheme(mapping.scheme)} ${mapping.code}`))),
    confidenceBar(first.confidence, answer.meta.threshold),
    why, h("div", { class: "notes" }, notes), evidence(first));
}

function groupCard(answer) {
  const { group } = answer;
  if (!group || answer.decision === "accept") return null;
  const says = {
    accept: `Where the ${plain(group.kind)} is enough, this is the answer.`,
    review: `Where the ${plain(group.kind)} is enough, look at this instead.`,
    reject: `The ${plain(group.kind)} is not likely enough to use either.`,
  };
  return h("section", { class: "group", "aria-labelledby": "group" },
    h("h2", { id: "group" }, `The ${plain(group.kind)}`),
    h("p", { class: "line" }, h("strong", null, group.title), code(group.code), decisionBadge(group.decision)),
    confidenceBar(group.confidence),
    h("p", { class: "muted" }, says[group.decision], " ",
      group.missing && `To settle the role, the title would have to say ${group.missing.replace(/\?$/, "")}.`));
}

/** Why a candidate is behind the first, most telling first. */
function lost(candidate, first) {
  const said = new Set(first.explanation?.sentences ?? []);
  const own = (candidate.explanation?.sentences ?? []).filter((text) => !said.has(text)).map(sentence);
  const less = first.confidence / candidate.confidence;
  if (candidate.confidence > 0 && less >= 1.1 && Number.isFinite(less)) {
    own.unshift(less >= 100 ? "More than 100 times less likely than the first." : `${less >= 10 ? Math.round(less) : less.toFixed(1)} times less likely than the first.`);
  } else if (candidate.confidence > 0) {
    own.unshift("About as likely as the first.");
  }
  return own;
}

function evidence(candidate) {
  const { features = [], learned = [] } = candidate.explanation ?? {};
  if (!features.length && !learned.length) return null;
  const strongest = Math.max(...learned.map((share) => Math.abs(share.weight)), 0.001);
  return h("details", null, h("summary", null, "Evidence in numbers"),
    learned.length > 0 && h("div", null, h("h4", null, "What the learnt part saw, for and against"),
      h("ul", { class: "shares" }, learned.map((share) => h("li", { class: share.weight < 0 ? "against" : "for", vars: { value: Math.abs(share.weight) / strongest } },
        h("span", null, share.feature), h("span", { class: "share" }), h("span", { class: "number" }, share.weight.toFixed(2)))))),
    features.length > 0 && h("div", null, h("h4", null, "Features"),
      h("dl", { class: "features" }, features.map((feature) => h("div", null, h("dt", null, feature.name), h("dd", null, feature.value.toFixed(2)))))));
}

function alternatives(answer) {
  const [first, ...others] = answer.candidates;
  if (!first || !others.length) return null;
  return h("section", { "aria-labelledby": "others" },
    h("h2", { id: "others" }, "Alternatives, and why they lost"),
    h("ol", { class: "others", start: 2 }, others.map((candidate, at) => h("li", null,
      h("span", { class: "place", "aria-hidden": "true" }, at + 2),
      h("div", null,
        h("h3", null, h("a", { href: to("role", candidate.code) }, candidate.title)),
        h("p", { class: "line" }, code(candidate.code), candidate.level && chip(candidate.level, "level"), candidate.matched && !candidate.matched.approved && chip("alias not approved", "warn")),
        h("ul", { class: "why" }, lost(candidate, first).map((text) => h("li", null, text))),
        evidence(candidate)),
      confidenceBar(candidate.confidence)))));
}

/** Most codes of a set that are shown; more help nobody choose. */
const SET_SHOWN = 12;

function candidateSet(answer) {
  const { set } = answer;
  if (!set || answer.decision === "accept" || answer.parts?.length || set.codes.length < 2) return null;
  const within = (text) => answer.candidates.find((candidate) => candidate.code === text || candidate.code.startsWith(`${text}.`));
  const open = set.codes.some((text) => !answer.candidates.some((candidate) => candidate.code === text));
  return h("section", { "aria-labelledby": "set" }, h("h2", { id: "set" }, "Where the right one is"),
    h("p", { class: "muted" }, `With a probability of ${set.probability.toFixed(2)}, among these ${set.codes.length}${open ? ", each at one of its levels" : ""}:`),
    h("ul", { class: "codes" }, set.codes.slice(0, SET_SHOWN).map((text) => {
      const known = within(text);
      return h("li", null, code(text, known && to("role", known.code)), known && ` ${known.title}`);
    })),
    set.codes.length > SET_SHOWN && h("p", { class: "muted" }, `and ${set.codes.length - SET_SHOWN} more`));
}

function severalTitles(answer) {
  if (!answer.parts?.length) return null;
  return h("section", { "aria-labelledby": "parts" }, h("h2", { id: "parts" }, `${count(answer.parts.length, "title")} in one`),
    h("ul", { class: "parts" }, answer.parts.map((part) => {
      const first = part.candidates[0];
      return h("li", null, h("h3", null, h("a", { href: to("match", { title: part.input }) }, part.input)),
        h("p", { class: "line" }, decisionBadge(part.decision), first && [h("a", { href: to("role", first.code) }, first.title), code(first.code), first.level && chip(first.level, "level")]),
        first && confidenceBar(first.confidence, part.meta.threshold));
    })));
}

function origin(answer, title) {
  const { meta } = answer;
  return h("p", { class: "origin" },
    `Accepted from ${probability(meta.threshold)}, which aims at ${Math.round(meta.accept_precision * 100)} right in 100. `,
    `${meta.taxonomy}, index ${meta.index.slice(0, 8)}, rolecall ${meta.version}. `,
    h("a", { href: address("v1/match", { title, explain: true }).href }, "The same as JSON"));
}

/** The view of one title's answer. */
export async function matchView({ query, signal, search }) {
  const title = query.get("title") ?? "";
  search.value = title;
  const answer = await match(title, signal);
  return {
    title: `${title || "Match"}`,
    keepScroll: false,
    node: h("article", { class: "match" },
      h("h1", { class: "hidden" }, `Match of “${title}”`),
      h("div", { class: "columns" }, h("div", null, answerCard(answer), severalTitles(answer)), h("div", null, reading(answer), groupCard(answer), candidateSet(answer))),
      !answer.parts?.length && alternatives(answer), origin(answer, title)),
  };
}
