// Turns a title and its parse into the title with marks on it: level, struck-out noise, words changed, words left over.

import { chip, h } from "./dom.js";
import { noise, plain } from "./words.js";

const lettered = (letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

/** First place of `piece` in `text` that touches no taken place, as whole words, else as part of one; -1 when there is none. */
function find(text, piece, taken) {
  const [low, wanted] = [text.toLowerCase(), piece.toLowerCase()];
  // Where lower case has another length (İ), places would not be those of the text.
  if (!wanted || low.length !== text.length) return -1;
  for (const whole of [true, false]) {
    for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + 1)) {
      const end = at + wanted.length;
      const bounded = !(lettered(text[at - 1]) && lettered(text[at])) && !(lettered(text[end]) && lettered(text[end - 1]));
      if ((bounded || !whole) && !taken.some((mark) => at < mark.end && mark.at < end)) return at;
    }
  }
  return -1;
}

/** Range of a level for people: `P5`, `P2–P3`. */
export function levelRange(level) {
  if (!level?.track) return "";
  const low = `${level.track}${level.min ?? ""}`;
  return level.max && level.max !== level.min ? `${low}–${level.track}${level.max}` : low;
}

/** The pieces of a title in order: `{ text, kind, note }`, kind being "" for what is simply used. */
export function annotate(input, parsed, leftOver) {
  const marks = [];
  const mark = (piece, kind, note) => {
    const at = find(input, piece, marks);
    if (at >= 0) marks.push({ at, end: at + piece.length, kind, note });
  };
  for (const piece of parsed.noise) mark(piece.text, "noise", noise(piece.kind));
  if (parsed.level) mark(parsed.level.text, "level", [parsed.level.word, levelRange(parsed.level)].filter(Boolean).join(" · "));
  for (const typo of parsed.typos ?? []) mark(typo.from, "changed", typo.to);
  for (const word of leftOver) mark(word, "left", "left over");
  for (const change of parsed.changes) {
    const left = change.to.split(" ").some((word) => leftOver.includes(word));
    mark(change.from, left ? "left" : "changed", left ? `${change.to} · left over` : change.to);
  }
  marks.sort((a, b) => a.at - b.at);
  const pieces = [];
  let at = 0;
  for (const found of marks) {
    if (found.at > at) pieces.push({ text: input.slice(at, found.at), kind: "", note: "" });
    pieces.push({ text: input.slice(found.at, found.end), kind: found.kind, note: found.note });
    at = found.end;
  }
  if (at < input.length) pieces.push({ text: input.slice(at), kind: "", note: "" });
  return pieces;
}

const TAGS = { noise: "s", level: "mark", changed: "span", left: "span" };

/** The title as typed, with its marks. */
export function markedTitle(input, parsed, leftOver) {
  const pieces = annotate(input, parsed, leftOver);
  pieces.forEach((piece, at) => {
    // Punctuation stays with the word before it, although that word's note may be wider.
    const next = pieces[at + 1];
    piece.tail = piece.kind && next && !next.kind ? next.text.match(/^[^\s\p{L}\p{N}(]*/u)[0] : "";
    if (next) next.text = next.text.slice(piece.tail.length);
  });
  return h("p", { class: "marked" }, pieces.map(({ text, kind, note, tail }) => (kind
    ? h("span", { class: `piece ${kind}` }, h(TAGS[kind], null, text), tail, h("small", null, note))
    : text)));
}

/** The section that says how a title was read. */
export function reading(answer) {
  const { parsed } = answer;
  const first = answer.candidates[0];
  const leftOver = first && !answer.parts?.length ? first.unmatched.query : [];
  const used = parsed.normalized.split(" ").filter((word) => word && !leftOver.includes(word));
  const none = (text) => h("span", { class: "muted" }, text);
  const pairs = [
    ["Level", parsed.level ? [`“${parsed.level.word}”`, levelRange(parsed.level) && [" ", chip(levelRange(parsed.level), "level")]] : none("none stated")],
    ["Struck out", parsed.noise.length ? parsed.noise.map((piece) => h("span", { class: "pair" }, h("s", null, piece.text), ` ${noise(piece.kind)}`)) : none("nothing")],
    ["Words used", used.length ? used.join(" ") : none("none")],
    ["Left over", leftOver.length ? leftOver.join(" ") : none("nothing")],
  ];
  const changes = parsed.changes.map((change) => [`${change.from} → ${change.to}`, plain(change.kind)])
    .concat((parsed.typos ?? []).map((typo) => [`${typo.from} → ${typo.to}`, "slip"]));
  if (changes.length) {
    pairs.splice(2, 0, ["Changed", changes.map(([text, kind]) => h("span", { class: "pair" }, text, " ", h("span", { class: "muted" }, kind)))]);
  }
  if (parsed.segments.length > 1) pairs.push(["Titles found", parsed.segments.map((segment) => h("span", { class: "pair" }, segment))]);
  return h("section", { class: "reading", "aria-labelledby": "reading" },
    h("h2", { id: "reading" }, "How it was read"),
    markedTitle(answer.input, parsed, leftOver),
    h("dl", { class: "facts" }, pairs.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value)))));
}
