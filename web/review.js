// Turns what is unsure into a queue, largest first: each decision settles every row that reads the same; all of it by keyboard.

import { rolesOf } from "./api.js";
import { combobox } from "./combobox.js";
import { announce, chip, code, h, show, to } from "./dom.js";
import { decisionOf } from "./job.js";
import { confidenceBar, decisionBadge } from "./match.js";
import { markedTitle } from "./reading.js";
import { count, probability, reason } from "./words.js";

/** Lines of the queue that are drawn; what comes after moves up as decisions are made. */
const DRAWN = 200;
/** Spellings shown of one group. */
const SPELLINGS = 6;

const QUEUES = [
  ["open", "To settle", (found) => !found.settled && found.answer.decision !== "accept"],
  ["accept", "Accepted", (found) => !found.settled && found.answer.decision === "accept"],
  ["settled", "Settled by you", (found) => Boolean(found.settled)],
];

/** The review of a job; `changed` is called after each decision. */
export function review(job, changed) {
  let queue = "open";
  let current = job.groups.find(QUEUES[0][2]) ?? null;
  const history = [];
  /** Roles by specialisation, for titles that state no level. */
  const siblings = new Map();
  const list = h("ol", { class: "queue", role: "listbox", tabindex: 0, "aria-label": "Titles to settle, by number of rows" });
  const detail = h("div", { class: "detail" });
  const tabs = h("div", { class: "tabs", role: "group", "aria-label": "Which titles" });
  const shownGroups = () => job.groups.filter(QUEUES.find(([name]) => name === queue)[2]);

  const draw = () => {
    const groups = shownGroups();
    if (!groups.includes(current)) current = groups[0] ?? null;
    show(tabs, QUEUES.map(([name, label, holds]) => h("button", { type: "button", "aria-pressed": String(name === queue), on: { click: () => { queue = name; current = null; draw(); list.focus(); } } },
      label, " ", h("span", { class: "count" }, job.groups.filter(holds).length.toLocaleString("en")))));
    const at = groups.indexOf(current);
    const from = Math.max(0, Math.min(at - DRAWN / 2, groups.length - DRAWN));
    show(list, groups.slice(from, from + DRAWN).map((found, place) => line(found, from + place)));
    if (current) list.setAttribute("aria-activedescendant", `queued-${at}`);
    else list.removeAttribute("aria-activedescendant");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
    show(detail, current ? card(current) : h("p", { class: "muted" }, queue === "open" ? "Nothing is left to settle. Download the result above." : "Nothing here."));
  };

  const line = (found, place) => {
    const first = found.settled ?? found.answer.candidates[0];
    return h("li", { id: `queued-${place}`, role: "option", "aria-selected": String(found === current), on: { click: () => { current = found; draw(); list.focus({ preventScroll: true }); } } },
      h("span", { class: "rows number" }, found.rows.toLocaleString("en")),
      h("span", { class: "what" }, h("span", null, job.titles[found.titles[0]] || "(empty)"), h("small", null, found.settled && !first.code ? "no role" : first ? `${first.code} · ${first.title}` : "no candidate")),
      h("span", { class: `mark ${decisionOf(found)}`, role: "img", "aria-label": decisionOf(found) }, { accept: "✓", review: "?", reject: "–" }[decisionOf(found)]));
  };

  /** The roles to choose from: the candidates, and where only the level is open the other levels of the first one's track. */
  const picks = (found) => {
    const { candidates, reasons, group } = found.answer;
    const first = candidates[0];
    if (!first?.level || group?.kind !== "specialisation" || !reasons.includes("level_not_stated")) return candidates;
    const others = (siblings.get(group.code) ?? []).filter((role) => role.level?.[0] === first.level[0] && !candidates.some((known) => known.code === role.code));
    return [...candidates, ...others];
  };

  /** Asks for the levels of what is shown, and draws them once they are there. */
  const fetchLevels = async (found) => {
    const { group, reasons } = found.answer;
    if (group?.kind !== "specialisation" || !reasons.includes("level_not_stated") || siblings.has(group.code)) return;
    siblings.set(group.code, []);
    try {
      siblings.set(group.code, await rolesOf(group.code));
    } catch {
      // The candidates are enough to go on; the next look asks again.
      siblings.delete(group.code);
      return;
    }
    if (current === found) show(detail, card(found));
  };

  const card = (found) => {
    const { answer, settled } = found;
    fetchLevels(found);
    const title = job.titles[found.titles[0]];
    const more = found.titles.slice(1, SPELLINGS + 1);
    const box = combobox({ label: "Another role", placeholder: "Find another role", onRow: (row) => settle(found, { code: row.code, title: row.title, level: row.level, note: `looked up${answer.candidates[0] ? ` instead of ${answer.candidates[0].code}` : ""}` }), onEscape: () => list.focus() });
    return [
      h("p", { class: "line" }, decisionBadge(decisionOf(found)), h("strong", null, count(found.rows, "row")), h("span", { class: "muted" }, found.titles.length > 1 && `${count(found.titles.length, "spelling")}`)),
      markedTitle(title, answer.parsed, answer.candidates[0]?.unmatched?.query ?? []),
      more.length > 0 && h("p", { class: "also" }, "Also: ", more.map((place) => h("span", { class: "pair" }, job.titles[place])), found.titles.length > SPELLINGS + 1 && `and ${found.titles.length - SPELLINGS - 1} more`),
      answer.error && h("p", { class: "reasons" }, answer.error),
      !settled && answer.reasons.length > 0 && h("ul", { class: "reasons" }, answer.reasons.map((name) => h("li", null, reason(name)))),
      settled && h("p", { class: "line" }, settled.code ? ["Settled: ", h("a", { href: to("role", settled.code) }, settled.title), code(settled.code)] : "Settled: no role.",
        h("button", { type: "button", class: "plain", on: { click: () => unsettle(found) } }, "take back")),
      h("ol", { class: "picks-list", "aria-label": "Roles to choose from" }, picks(found).map((role, place) => h("li", null,
        h("button", { type: "button", class: "pick-role", on: { click: () => choose(found, place) } },
          h("kbd", { "aria-hidden": "true" }, place < 9 ? place + 1 : "·"),
          h("span", { class: "what" }, h("span", null, role.title), h("small", null, role.code, role.matched && role.matched.text !== role.title && ` · ${role.matched.text}`)),
          role.level && chip(role.level, "level"), h("span", { class: "number" }, role.confidence === undefined ? "" : probability(role.confidence))),
        h("a", { href: to("role", role.code), "aria-label": `Page of ${role.title}` }, "page")))),
      answer.candidates[0] && confidenceBar(answer.candidates[0].confidence, job.meta?.threshold),
      h("div", { class: "inline actions" }, h("div", { class: "other" }, box.element), h("button", { type: "button", on: { click: () => choose(found, -1) } }, "No role ", h("kbd", { "aria-hidden": "true" }, "x"))),
      h("p", { class: "note" }, h("a", { href: to("match", { title }) }, "See the whole answer")),
    ];
  };

  const settle = (found, decision) => {
    const before = shownGroups();
    const at = before.indexOf(found);
    history.push([found, found.settled]);
    found.settled = decision;
    const after = shownGroups();
    current = after.includes(found) ? (after[at + 1] ?? found) : (after[Math.min(at, after.length - 1)] ?? null);
    draw();
    list.focus({ preventScroll: true });
    announce(`${decision.code ? decision.title : "No role"}, ${count(found.rows, "row")} settled. ${current ? `Next: ${job.titles[current.titles[0]]}` : "Nothing is left."}`);
    changed();
  };

  const choose = (found, place) => {
    if (place < 0) return settle(found, { code: null, note: "no role fits" });
    const role = picks(found)[place];
    const note = place === 0 ? "accepted as proposed" : `chosen instead of ${found.answer.candidates[0].code}`;
    return role && settle(found, { code: role.code, title: role.title, level: role.level, note });
  };

  const unsettle = (found) => {
    found.settled = null;
    current = found;
    if (queue === "settled") queue = found.answer.decision === "accept" ? "accept" : "open";
    draw();
    list.focus({ preventScroll: true });
    changed();
  };

  const undo = () => {
    const last = history.pop();
    if (!last) return;
    const [found, before] = last;
    found.settled = before;
    queue = QUEUES.find(([, , holds]) => holds(found))[0];
    current = found;
    draw();
    announce(`Taken back: ${job.titles[found.titles[0]]}`);
    changed();
  };

  const move = (step) => {
    const groups = shownGroups();
    current = groups[Math.max(0, Math.min(groups.length - 1, groups.indexOf(current) + step))] ?? null;
    draw();
  };

  const keys = {
    ArrowDown: () => move(1), ArrowUp: () => move(-1), j: () => move(1), k: () => move(-1), PageDown: () => move(10), PageUp: () => move(-10),
    Home: () => move(-job.groups.length), End: () => move(job.groups.length),
    Enter: () => current && choose(current, 0), a: () => current && choose(current, 0), x: () => current && choose(current, -1),
    c: () => detail.querySelector("input")?.focus(), u: undo,
  };
  const element = h("section", { class: "bench", "aria-labelledby": "review" }, h("h2", { id: "review" }, "Review"),
    h("p", { class: "keys" }, [["↑ ↓", "move"], ["Enter", "accept the first"], ["1–9", "choose"], ["c", "find another"], ["x", "no role"], ["u", "undo"]].map(([key, does]) => h("span", null, h("kbd", null, key), ` ${does}`))),
    tabs, h("div", { class: "desk" }, list, detail));
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    // Enter on a button or link does what that button or link does.
    if (event.key === "Enter" && event.target.closest("button, a")) return;
    const act = keys[event.key] ?? (/^[1-9]$/.test(event.key) && current ? () => choose(current, Number(event.key) - 1) : null);
    if (!act) return;
    event.preventDefault();
    act();
  });
  draw();
  return { element, list };
}
