// Turns adjacent roles into a small map: one column a specialisation, nearest first, one row a level; nearer roles are larger.

import { h, s, to } from "./dom.js";

/** Columns that fit beside each other on a page; the list below the map holds the others. */
const COLUMNS = 8;
const CELL = { width: 84, height: 27 };
const LEFT = 46;
const TOP = 76;
/** Radius at distance 0 and at distance 1. */
const RADIUS = [11, 2.5];
/** Rows from the top of the page. */
const TRACKS = ["E", "M", "P", "S"];

/** Specialisation of a role as told, or what its code says before the level. */
export const specialisationOf = (role) => {
  const told = role.coordinates?.specialisation ?? role.specialisation;
  return told ?? (role.level && role.code.endsWith(`.${role.level}`) ? role.code.slice(0, -role.level.length - 1) : role.code);
};

const rank = (level) => TRACKS.indexOf(level[0]) * 10 - Number(level.slice(1));

/** Position of a distance among the three bands: 0, 1 or 2. */
export const bandPlace = (band, bands) => Math.max(0, bands.indexOf(band));

/** The nearest columns that hold `roles`, own one first, and the rows they need. */
function grid(own, roles) {
  const columns = new Map([[specialisationOf(own), []]]);
  const others = [];
  for (const role of roles) {
    const key = specialisationOf(role);
    if (!columns.has(key) && columns.size === COLUMNS) others.push(role);
    else columns.set(key, [...(columns.get(key) ?? []), role]);
  }
  const rows = [...new Set([own.level, ...[...columns.values()].flat().map((role) => role.level)])].sort((a, b) => rank(a) - rank(b));
  return { columns: [...columns], rows, others };
}

/** Cuts a name for a column's head to two lines. */
function lines(name) {
  const words = name.split(" ");
  const [first, second] = ["", ""].map(() => {
    let line = words.shift() ?? "";
    while (words.length && `${line} ${words[0]}`.length <= 13) line += ` ${words.shift()}`;
    return line.length > 14 ? `${line.slice(0, 13)}…` : line;
  });
  return [first, words.length ? `${second}…` : second];
}

/** A click on a dot goes to its role; whoever does not point has the links of the list. */
function follow(event) {
  const roleCode = event.target.closest("[data-code]")?.dataset.code;
  if (roleCode) location.hash = to("role", roleCode);
}

/** Draws the map of `own` (`{ code, title, level, specialisation }`) and roles at a distance; null for roles without levels. */
export function adjacencyMap(own, roles, bands) {
  const levelled = roles.filter((role) => role.level);
  if (!own.level || levelled.length === 0) return null;
  const { columns, rows } = grid(own, levelled);
  const x = (column) => LEFT + column * CELL.width + CELL.width / 2;
  const y = (level) => TOP + rows.indexOf(level) * CELL.height + CELL.height / 2;
  const width = LEFT + columns.length * CELL.width;
  const height = TOP + rows.length * CELL.height + 4;
  const heads = columns.map(([key, found], column) => {
    const usual = column === 0 ? null : found[0];
    const [first, second] = lines(column === 0 ? own.column ?? own.title : usual.specialisation_title ?? usual.title);
    return s("g", { class: column === 0 ? "own" : "" },
      s("text", { x: x(column), y: TOP - 46, "text-anchor": "middle", class: "head" }, first),
      s("text", { x: x(column), y: TOP - 32, "text-anchor": "middle", class: "head" }, second),
      s("text", { x: x(column), y: TOP - 14, "text-anchor": "middle", class: "key" }, key));
  });
  const lanes = rows.map((level, row) => s("g", { class: level === own.level ? "lane own" : "lane" },
    s("rect", { x: 0, y: TOP + row * CELL.height, width, height: CELL.height, class: row > 0 && rows[row - 1][0] !== level[0] ? "new" : "" }),
    row > 0 && rows[row - 1][0] !== level[0] && s("line", { x1: 0, x2: width, y1: TOP + row * CELL.height, y2: TOP + row * CELL.height }),
    s("text", { x: 8, y: y(level) + 4 }, level)));
  const dots = columns.flatMap(([, found], column) => found.map((role) => s("circle", {
    cx: x(column), cy: y(role.level), r: (RADIUS[0] + (RADIUS[1] - RADIUS[0]) * Math.sqrt(role.distance)).toFixed(1), class: `band-${bandPlace(role.band, bands)}`, data: { code: role.code },
  }, s("title", null, `${role.title} (${role.code}): ${role.distance.toFixed(2)}, ${role.band}`))));
  const here = s("g", { class: "here" },
    s("circle", { cx: x(0), cy: y(own.level), r: RADIUS[0] }), s("circle", { cx: x(0), cy: y(own.level), r: 3.5, class: "core" }),
    s("title", null, `${own.title} (${own.code}): this role`));
  const label = `Map of ${levelled.length} nearest roles: levels from top to bottom, specialisations from left to right. The list that follows says the same.`;
  return h("figure", { class: "map" },
    h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Map of adjacent roles" },
      s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, on: { click: follow } }, lanes, heads, dots, here)),
    h("figcaption", null, h("span", { class: "key here" }, "this role"), bands.map((band, place) => h("span", { class: `key band-${place}` }, band)), h("span", null, "larger is nearer")));
}
