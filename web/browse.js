// Turns the tree of the taxonomy into columns (area, family, specialisation with its levels) and words into found roles.

import { families, family as familyOf, search } from "./api.js";
import { append, chip, code, h, show, to } from "./dom.js";
import { count, plain } from "./words.js";

const PAGE = 40;
const FILTERS = [["superfunction", "Area"], ["family", "Family"], ["track", "Track"], ["level", "Level"], ["status", "Status"]];
const TRACKS = { P: "P professional", M: "M management", E: "E executive", S: "S support and skilled" };

/** Code of the role of a found specialisation at a level: as `leaves` tell, else where codes end in their level, else null. */
function roleAt(hit, level, leaves) {
  const told = leaves?.get(`${hit.specialisation} ${level}`);
  if (told) return told;
  const own = hit.levels.find((other) => hit.code.endsWith(`.${other}`));
  return own ? hit.code.slice(0, -own.length) + level : null;
}

function specialisation(hit, wanted, leaves) {
  const linked = (wanted && hit.levels.includes(wanted) && roleAt(hit, wanted, leaves)) || hit.code;
  return h("li", null,
    h("p", { class: "line" }, h("a", { href: to("role", linked), class: "name" }, hit.specialisation_title || hit.title), code(hit.specialisation)),
    hit.summary && h("p", { class: "muted" }, hit.summary),
    hit.levels.length > 0 && h("p", { class: "levels" }, hit.levels.map((level) => {
      const at = roleAt(hit, level, leaves);
      const label = `${hit.specialisation_title || hit.title}, level ${level}`;
      return at ? h("a", { href: to("role", at), class: "chip level", "aria-label": label }, level) : chip(level, "level");
    })));
}

/** Found specialisations, more at the reader's word. */
function results(first, params, signal, leaves) {
  const list = h("ul", { class: "found" }, first.hits.map((hit) => specialisation(hit, params.level, leaves)));
  const more = h("button", { type: "button", on: { click: async () => {
    more.disabled = true;
    try {
      const next = await search({ ...params, limit: PAGE, offset: list.children.length }, signal);
      const at = list.children.length;
      append(list, next.hits.map((hit) => specialisation(hit, params.level, leaves)));
      list.children[at]?.querySelector("a")?.focus();
      if (!next.hits.length || list.children.length >= first.total) more.remove();
    } finally {
      more.disabled = false;
    }
  } } }, "Show more");
  return [list, first.total > first.hits.length && first.hits.length > 0 && more];
}

function filterForm(query, facets, names, go) {
  const word = h("input", { type: "search", id: "words", placeholder: "as in terraform, bookkeeping, triage", value: query.get("q") ?? "", enterkeyhint: "search" });
  const named = (name, value) => (name === "track" ? (TRACKS[value] ?? value) : name === "status" ? plain(value) : (names.get(value) ?? value));
  const selects = FILTERS.map(([name, label]) => {
    const chosen = query.get(name) ?? "";
    const values = Object.entries(facets[name] ?? {});
    if (!values.length && !chosen) return null;
    if (chosen && !values.some(([value]) => value === chosen)) values.unshift([chosen, 0]);
    values.sort((a, b) => (name === "level" ? a[0].localeCompare(b[0]) : b[1] - a[1] || a[0].localeCompare(b[0])));
    const select = h("select", { id: `filter-${name}`, on: { change: () => go(name, select.value) } },
      h("option", { value: "" }, "all"), values.map(([value, number]) => h("option", { value, selected: value === chosen }, `${named(name, value)} (${number})`)));
    return h("div", null, h("label", { for: select.id }, label), select);
  });
  return h("form", { class: "filters", on: { submit: (event) => { event.preventDefault(); go("q", word.value.trim()); } } },
    h("div", { class: "words" }, h("label", { for: "words" }, "Words of names, skills and knowledge"), h("span", { class: "inline" }, word, h("button", null, "Find"))),
    selects);
}

const column = (title, items) => h("section", { class: "column" }, h("h2", { class: "quiet" }, title), items);

function tree(known, area, family, detail, found, signal) {
  const own = known.superfunctions.find((other) => other.code === area);
  const inArea = known.families.filter((other) => !area || area === "-" || other.superfunction === area);
  const families = (list) => h("ul", { class: "choices" }, list.map((other) => h("li", null,
    h("a", { href: to("browse", other.superfunction || "-", other.code), "aria-current": other.code === family ? "true" : undefined }, other.title))));
  const areas = h("ul", { class: "choices" }, known.superfunctions.map((other) => h("li", null,
    h("a", { href: to("browse", other.code), "aria-current": other.code === area ? "true" : undefined }, other.title,
      h("span", { class: "count" }, known.families.filter((member) => member.superfunction === other.code).length)))));
  const chosen = detail;
  const leaves = new Map((detail?.specialisations ?? []).flatMap((one) => one.roles.map((role) => [`${one.code} ${role.level}`, role.code])));
  return h("div", { class: `tree depth-${chosen ? 2 : own || area === "-" ? 1 : 0}` },
    known.superfunctions.length > 0 && column("Area of work", areas),
    (area || known.superfunctions.length === 0) && column(own ? own.title : "Families", families(inArea)),
    chosen && h("section", { class: "column wide" }, h("h2", null, chosen.title), h("p", { class: "line" }, code(chosen.code), h("span", { class: "muted" }, count(found.total, "specialisation"))),
      chosen.summary && h("p", { class: "muted" }, chosen.summary), results(found, { family }, signal, leaves)));
}

/** Path from the top to the chosen family, each step a link back. */
function path(known, area, family) {
  const own = known.superfunctions.find((other) => other.code === area);
  const chosen = known.families.find((other) => other.code === family);
  const steps = [h("a", { href: to("browse") }, "All areas"), own && h("a", { href: to("browse", area) }, own.title), chosen && h("span", null, chosen.title)].filter(Boolean);
  return steps.length > 1 && h("nav", { "aria-label": "Path" }, h("ol", { class: "path" }, steps.map((step) => h("li", null, step))));
}

/** The view that browses and searches roles. */
export async function browseView({ parts, query, signal }) {
  const [area, family] = parts;
  const params = Object.fromEntries(["q", ...FILTERS.map(([name]) => name)].map((name) => [name, query.get(name)]).filter(([, value]) => value));
  const searching = Object.keys(params).length > 0;
  const asked = searching ? params : { family, superfunction: area === "-" || family ? undefined : area };
  const [known, detail, found] = await Promise.all([families(), family && !searching ? familyOf(family) : undefined, search({ q: "", ...asked, limit: searching || family ? PAGE : 1 }, signal)]);
  const names = new Map([...known.superfunctions, ...known.families].map((entry) => [entry.code, entry.title]));
  const treeless = known.families.length === 0;
  const go = (name, value) => {
    const next = { ...asked, ...params, [name]: value };
    if (name === "superfunction") delete next.family;
    location.hash = to("browse", next);
  };
  const body = h("div");
  if (searching) {
    show(body, h("p", { class: "line total", role: "status" }, h("strong", null, count(found.total, "specialisation")), h("a", { href: to("browse") }, "Clear")),
      found.total === 0 && h("p", { class: "muted" }, "Nothing holds these words. Try fewer, or another form of them."), results(found, params, signal));
  } else if (treeless) {
    show(body, results(await search({ q: "", limit: PAGE }, signal), {}, signal));
  } else {
    show(body, path(known, area, family), tree(known, area, family, detail, found, signal));
  }
  return {
    title: (searching ? `${query.get("q") ?? "Filtered"} · Browse` : null) ?? names.get(family) ?? names.get(area) ?? "Browse",
    keepScroll: Boolean(searching || area),
    node: h("article", { class: "browse" }, h("h1", null, "Browse the roles"), filterForm(query, found.facets ?? {}, names, go), body),
    after: () => searching && query.get("q") && document.getElementById("words").focus({ preventScroll: true }),
  };
}
