// Turns a role's record into its page: story, summary, level, outputs, adjacent roles, components, aliases, mappings.

import { adjacent, family, role } from "./api.js";
import { chip, code, h, to } from "./dom.js";
import { adjacencyMap, bandPlace } from "./map.js";
import { count, FACETS, KINDS, language, plain, relation, scheme, statusKind } from "./words.js";

/** Adjacent roles asked for: enough to fill the map of a family with all its levels. */
const ADJACENT = 40;
/** Adjacent roles listed before the reader asks for more. */
const LISTED = 10;

const section = (id, title, ...content) => h("section", { id, tabindex: -1, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), content);
const none = (text) => h("p", { class: "muted" }, text);

/** An editor's confidence: band and score, never that of a match. */
const recordConfidence = (confidence, about) => confidence && chip(`${about}${confidence.band} ${confidence.score.toFixed(2)}`, "", "how sure the editors are; not the confidence of a match");

/** The other levels of the same specialisation, a step away. */
function ladder(record, below) {
  const own = below?.specialisations?.find((one) => one.code === record.specialisation.code);
  if (!own || own.roles.length < 2) return null;
  return h("nav", { "aria-label": "Levels of this specialisation" }, h("p", { class: "levels" }, own.roles.map((leaf) => h("a", {
    href: to("role", leaf.code), class: "chip level", title: leaf.title, "aria-current": leaf.code === record.code ? "page" : undefined, "aria-label": `Level ${leaf.level}: ${leaf.title ?? ""}`,
  }, leaf.level))));
}

function head(record, below) {
  const copied = h("button", { type: "button", class: "plain", on: { click: async () => {
    await navigator.clipboard?.writeText(record.code);
    copied.textContent = "copied";
  } } }, "copy");
  const path = [
    record.superfunction && h("a", { href: to("browse", record.superfunction.code) }, record.superfunction.title),
    record.family && h("a", { href: to("browse", record.superfunction?.code ?? "-", record.family.code) }, record.family.title),
    ...record.groups.toReversed().map((group) => h("span", null, group.title)),
    record.specialisation.title !== record.title && h("span", null, record.specialisation.title),
  ].filter(Boolean);
  return h("header", { class: "head" },
    h("nav", { "aria-label": "Path" }, h("ol", { class: "path" }, path.map((step) => h("li", null, step)))),
    h("h1", null, record.title),
    h("p", { class: "line" }, code(record.code), copied,
      record.level && chip(`${record.level_code} · ${record.level.label}`, "level"),
      recordConfidence(record.record_confidence, "record "), chip(record.status, statusKind(record.status)),
      record.region && chip(record.region), record.version > 0 && chip(`v${record.version}`)),
    record.superseded_by && h("p", { class: "replaced" }, "Withdrawn. It is replaced by ", code(record.superseded_by, to("role", record.superseded_by)), "."),
    record.summary && h("p", { class: "lead" }, record.summary), ladder(record, below));
}

function story(record) {
  const told = record.story;
  if (!told) return section("story", "The story of this role", none("No story has been written yet."));
  const part = (title, content) => content && content.length !== 0 && h("div", null, h("h3", null, title), content);
  const problem = [["The external problem", told.problem.external], ["The internal problem", told.problem.internal], ["Why it matters", told.problem.why]].filter(([, text]) => text);
  return section("story", "The story of this role", h("div", { class: "story" },
    part("Who does this work", told.who && h("p", null, told.who)),
    part("The problem this role solves", problem.length > 0 && h("dl", null, problem.map(([name, text]) => h("div", null, h("dt", null, name), h("dd", null, text))))),
    part("The plan", told.plan.length > 0 && h("ol", null, told.plan.map((step) => h("li", null, step)))),
    part("What’s at stake", told.stakes && h("p", null, told.stakes)),
    part("Success looks like", told.success && h("p", null, told.success))));
}

function level(record) {
  const own = record.level;
  if (!own) return section("level", "Level", none(record.level_code ? `The taxonomy says nothing about ${record.level_code}.` : "This taxonomy has no levels."));
  const years = own.experience && (own.experience.max > own.experience.min ? `${own.experience.min}–${own.experience.max} years` : `${own.experience.min} years or more`);
  const facets = [...FACETS.map(([name, title]) => [title, own[name]]), ["Typical experience", years]];
  return section("level", `Level — ${record.level_code} — ${own.label}`, own.sentence && h("p", null, own.sentence),
    h("dl", { class: "card" }, facets.map(([name, text]) => h("div", null, h("dt", null, name), h("dd", null, text || h("span", { class: "muted" }, "not stated"))))),
    h("p", { class: "note" }, `The same for every ${record.level_code} role.`));
}

function outputs(record) {
  const list = record.core_outputs;
  const text = list === undefined || list === null ? "Not known: nobody has said what this role puts out." : "No core outputs recorded yet.";
  return section("outputs", "Core outputs", list?.length ? h("ul", null, list.map((output) => h("li", null, output))) : none(text));
}

function adjacency(record, roles, bands) {
  const own = { code: record.code, title: record.title, level: record.level_code, specialisation: record.specialisation.code, column: record.specialisation.title };
  const item = (near) => h("li", null, h("span", { class: `dot band-${bandPlace(near.band, bands)}`, "aria-hidden": "true" }),
    h("a", { href: to("role", near.code) }, near.title), code(near.code), h("span", { class: "number" }, near.distance.toFixed(2)), h("span", { class: "band" }, near.band),
    near.similarity !== undefined && h("small", { class: "alike", title: "textual similarity of the two titles, another measure than distance" }, `words ${near.similarity.toFixed(2)}`));
  const rest = roles.slice(LISTED);
  return section("adjacent", "Adjacent roles",
    h("p", null, "Nearest roles by structural coordinates (level and taxonomy), not by words. Distance runs from 0 to 1; each carries its band. ",
      h("a", { href: to("coordinates", { from: record.code }) }, "How coordinates work")),
    roles.length === 0 && none("There is no other role."),
    adjacencyMap(own, roles, bands),
    h("ol", { class: "near" }, roles.slice(0, LISTED).map(item)),
    rest.length > 0 && h("details", null, h("summary", null, `${rest.length} more`), h("ol", { class: "near", start: LISTED + 1 }, rest.map(item))));
}

function components(record) {
  const known = KINDS.map(([kind]) => kind);
  const others = [...new Set(record.components.map((component) => component.kind))].filter((kind) => !known.includes(kind));
  const kinds = [...KINDS, ...others.map((kind) => [kind, plain(kind)])];
  const groups = kinds.map(([kind, title]) => [title, record.components.filter((component) => component.kind === kind)]).filter(([, list]) => list.length > 0);
  return section("components", "Components", groups.length === 0 && none("No components recorded yet."),
    h("div", { class: "kinds" }, groups.map(([title, list]) => h("section", null,
      h("h3", null, title, " ", h("span", { class: "count" }, list.length)),
      h("ul", null, list.map((component) => h("li", null, component.text, " ",
        h("small", { class: "muted" }, [component.commonality, component.basis].filter(Boolean).map(plain).join(" · ")))))))));
}

function table(caption, heads, rows) {
  return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": caption }, h("table", null, h("caption", { class: "hidden" }, caption),
    h("thead", null, h("tr", null, heads.map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, rows)));
}

function aliases(record) {
  const rows = record.aliases.map((alias) => h("tr", null,
    h("th", { scope: "row", lang: alias.lang || undefined }, alias.text, alias.ambiguous && h("small", { class: "muted", title: alias.ambiguous }, " ambiguous")),
    h("td", null, plain(alias.type)),
    h("td", null, `${alias.confidence.band} `, h("span", { class: "number muted" }, alias.confidence.score.toFixed(2))),
    h("td", null, alias.approved ? chip("approved", "good") : chip("not approved", "warn")),
    h("td", null, language(alias.lang))));
  return section("aliases", ["Title aliases ", h("span", { class: "count" }, rows.length)],
    rows.length ? table("Title aliases", ["Alias", "Type", "Confidence", "Approved", "Language"], rows) : none("No aliases recorded yet."));
}

function mappings(record) {
  const rows = record.mappings.map((mapping) => h("tr", null,
    h("th", { scope: "row" }, scheme(mapping.scheme), mapping.scheme_version && h("span", { class: "muted" }, ` ${mapping.scheme_version}`)),
    h("td", null, code(mapping.code), " ", mapping.title),
    h("td", null, h("span", { title: relation(mapping.relation) }, mapping.relation), mapping.granularity && h("small", { class: "muted" }, ` ${plain(mapping.granularity)}`)),
    h("td", null, mapping.review_status === "reviewed" ? chip("reviewed", "good") : chip("needs review", "warn")),
    h("td", { class: "muted" }, plain(mapping.source))));
  return section("mappings", "Classification mappings",
    rows.length ? table("Classification mappings", ["Scheme", "Code", "Relation", "Review", "Source"], rows) : none("No mappings recorded yet."),
    rows.length > 0 && h("p", { class: "note" }, "Titles of other schemes are not names of this role. A code that needs review is never given out as an answer."));
}

const SECTIONS = [
  ["story", "Story"], ["summary", "Summary"], ["level", "Level"], ["outputs", "Core outputs"], ["adjacent", "Adjacent roles"],
  ["components", "Components"], ["aliases", "Aliases"], ["mappings", "Mappings"],
];

/** The page of one role; a second part of the path names the section to begin at. */
export async function roleView({ parts, signal }) {
  const [roleCode, at] = parts;
  const [record, { adjacent: near, rules }] = await Promise.all([role(roleCode, signal), adjacent(roleCode, ADJACENT, signal)]);
  const { bands } = rules;
  const below = record.family ? await family(record.family.code) : undefined;
  const contents = h("nav", { class: "contents", "aria-label": "On this page" }, h("ul", null, SECTIONS.map(([id, name]) => h("li", null, h("a", {
    href: to("role", roleCode, id),
    on: { click: (event) => {
      // The same page: the address changes so that it can be shared, and nothing is asked again.
      event.preventDefault();
      history.replaceState(null, "", to("role", roleCode, id));
      jump(id);
    } },
  }, name)))), h("p", { class: "muted" }, count(record.components.length, "component"), h("br"), count(record.aliases.length, "alias", "aliases")));
  const jump = (id) => {
    const target = document.getElementById(id);
    target?.scrollIntoView();
    target?.focus({ preventScroll: true });
  };
  return {
    title: record.title,
    node: h("article", { class: "record" }, head(record, below), h("div", { class: "with-contents" }, contents,
      h("div", { class: "sections" }, story(record), section("summary", "Summary", record.summary ? h("p", null, record.summary) : none("No summary has been written yet.")), level(record), outputs(record), adjacency(record, near, bands), components(record), aliases(record), mappings(record)))),
    after: () => at && jump(at),
  };
}
