// Turns the rules of distance into a page that explains them, and any two roles into the sum of their distance.

import { adjacent, levels, role, suggest } from "./api.js";
import { combobox } from "./combobox.js";
import { chip, code, h, to } from "./dom.js";

/** Widest gap in grade that costs more; a wider one costs the same. */
const WIDEST_GAP = 5;
/** Two different roles are never at 0. */
const SMALLEST = 0.01;
const COST = [
  ["superfunction", "Another superfunction", "the area of work changes, as from software to health care"],
  ["family", "Another family", "the kind of work changes, as from software development to infrastructure"],
  ["specialisation", "Another specialisation", "the same kind of work with another focus"],
  ["track", "Another track", "from one’s own work to leading others, or back; a fixed cost"],
  ["grade", "Gap in grade", `from nothing for the same grade up to the whole weight at ${WIDEST_GAP} grades or more`],
];

/** The parts of the distance between two records, in the order of the weights. */
export function parts(a, b, rules) {
  const differ = (name) => (a[name]?.code ?? null) !== (b[name]?.code ?? null);
  const [other, levelled] = [differ("specialisation"), a.level_code && b.level_code];
  const gap = levelled ? Math.min(Math.abs(a.level_code[1] - b.level_code[1]) / WIDEST_GAP, 1) : 0;
  return {
    superfunction: other && differ("family") && differ("superfunction") ? rules.superfunction : 0,
    family: other && differ("family") ? rules.family : 0,
    specialisation: other ? rules.specialisation : 0,
    track: levelled && a.level_code[0] !== b.level_code[0] ? rules.track : 0,
    grade: rules.grade * gap,
  };
}

/** The sum of the parts, as the service rounds it. */
export function distance(a, b, rules) {
  if (a.code === b.code) return 0;
  return Math.min(1, Math.max(SMALLEST, Object.values(parts(a, b, rules)).reduce((sum, part) => sum + part, 0)));
}

const bandOf = (value, rules) => rules.bands[(value >= rules.near) + (value >= rules.far)];

function place(record) {
  const steps = [record.superfunction?.title, record.family?.title, record.specialisation.title, record.level_code].filter(Boolean);
  return h("ol", { class: "path" }, steps.map((step) => h("li", null, step)));
}

function comparison(a, b, rules) {
  const costs = parts(a, b, rules);
  const sum = distance(a, b, rules);
  return [
    h("div", { class: "pairing" }, [a, b].map((record) => h("div", null, h("a", { href: to("role", record.code) }, record.title), " ", code(record.code), place(record)))),
    h("table", { class: "sum" }, h("caption", { class: "hidden" }, "Parts of the distance"),
      h("tbody", null, COST.map(([name, label]) => h("tr", { class: costs[name] > 0 ? "" : "muted" }, h("th", { scope: "row" }, label),
        h("td", null, h("span", { class: "share", vars: { value: costs[name] } })), h("td", { class: "number" }, costs[name].toFixed(3))))),
      h("tfoot", null, h("tr", null, h("th", { scope: "row" }, "Distance"), h("td", null, chip(bandOf(sum, rules), "level")), h("td", { class: "number" }, h("strong", null, sum.toFixed(3)))))),
  ];
}

/** Two boxes for two roles and the sum below; the address holds both, so that it can be shared. */
function calculator(a, b, rules) {
  const pick = (label, record, name) => {
    const box = combobox({ label, placeholder: "Type a role", value: record.title, onRow: (row) => {
      const codes = { from: a.code, to: b.code, [name]: row.code };
      location.hash = to("coordinates", codes);
    } });
    box.input.addEventListener("focus", () => box.input.select());
    return h("div", { class: "pick" }, h("span", { class: "quiet", "aria-hidden": "true" }, label), box.element);
  };
  return h("section", { "aria-labelledby": "two", class: "calculator" }, h("h2", { id: "two" }, "The distance between two roles"),
    h("div", { class: "picks" }, pick("From", a, "from"), pick("To", b, "to")), comparison(a, b, rules));
}

function scale(rules) {
  const bounds = [0, rules.near, rules.far, 1];
  return h("ol", { class: "scale" }, rules.bands.map((band, at) => h("li", { class: `band-${at}`, vars: { share: bounds[at + 1] - bounds[at] } },
    h("strong", null, band), h("span", null, `${bounds[at].toFixed(2)} – ${bounds[at + 1].toFixed(2)}`))));
}

function ladder({ levels: all, tracks }) {
  const named = tracks.length ? tracks : [...new Set(all.map((level) => level.code[0]))].map((letter) => ({ code: letter, label: letter }));
  return h("div", { class: "ladder" }, named.map((track) => h("section", null, h("h3", null, `${track.code} · ${track.label}`),
    h("ol", null, all.filter((level) => level.code[0] === track.code).map((level) => h("li", null, chip(level.code, "level"), " ", level.label, level.sentence && h("p", { class: "muted" }, level.sentence)))))));
}

/** The roles asked for, else the commonest and a neighbour of it, with the rules that hold between them. */
async function pair(query, signal) {
  const from = query.get("from") ?? (await suggest("", 1, signal))[0]?.code;
  const near = await adjacent(from, 12, signal);
  const other = query.get("to") ?? near.adjacent.at(-1)?.code ?? from;
  const [a, b] = await Promise.all([role(from, signal), role(other, signal)]);
  return { a, b, rules: near.rules };
}

/** The page that explains coordinates. */
export async function coordinatesView({ query, signal }) {
  const [{ a, b, rules }, known] = await Promise.all([pair(query, signal), levels()]);
  return {
    title: "Coordinates",
    keepScroll: true,
    node: h("article", { class: "coordinates" },
      h("header", null, h("h1", null, "How coordinates work"),
        h("p", { class: "lead" }, "A role has a place: its area of work, family and specialisation, and its level, which is a track with a grade. The distance between two roles is how much of that place differs.")),
      calculator(a, b, rules),
      h("section", null, h("h2", null, "What a difference costs"),
        h("p", null, "The costs add up, and together they make 1, so that a distance lies between 0 and 1. It is the same in both directions, and only a role itself is at 0."),
        h("table", null, h("caption", { class: "hidden" }, "Weights"), h("tbody", null, COST.map(([name, label, about]) => h("tr", null, h("th", { scope: "row" }, label), h("td", { class: "muted" }, about), h("td", { class: "number" }, rules[name].toFixed(2))))))),
      h("section", null, h("h2", null, "Three bands"), h("p", null, "Two cut points turn the number into a word, which every adjacent role carries."), scale(rules)),
      h("section", null, h("h2", null, "What it is not"),
        h("p", null, "The distance says nothing about words: two roles whose names are alike can be far apart. How near a name is to a title is a similarity, how sure an answer is a confidence; none of the three stands for another. Weights, cut points and names of bands belong to the taxonomy and are read from it.")),
      known.levels.length > 0 && h("section", null, h("h2", null, "Tracks and grades"), ladder(known))),
  };
}
