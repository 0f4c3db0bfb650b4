// Turns typing into suggestions: an input with a list below, after the ARIA combobox pattern (list autocomplete, manual selection).
// Enter without a chosen row gives the text, with one gives the row. A newer keystroke abandons the request of an older one.

import { suggest } from "./api.js";
import { announce, chip, code, h, show } from "./dom.js";
import { count } from "./words.js";

const ROWS = 8;
let made = 0;

/** The matching name with the typed letters marked; ranges count characters, not UTF-16 units. */
export function highlighted(name, ranges = []) {
  const letters = Array.from(name);
  const parts = [];
  let at = 0;
  for (const [first, end] of ranges) {
    if (first < at) continue;
    parts.push(letters.slice(at, first).join(""), h("mark", null, letters.slice(first, end).join("")));
    at = end;
  }
  return [...parts, letters.slice(at).join("")];
}

/** Makes a combobox. `onText` may be absent: then only a row can be given. */
export function combobox({ label, placeholder = "", button, value = "", onText, onRow, onEscape }) {
  const id = `combobox-${made++}`;
  const list = h("ul", { id: `${id}-list`, role: "listbox", "aria-label": "Roles", class: "options" });
  const hint = h("p", { class: "hint", "aria-hidden": "true" });
  const popup = h("div", { class: "popup", hidden: true }, list, hint);
  const input = h("input", {
    id, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search", placeholder, maxlength: 1000,
  });
  input.value = value;
  const form = h("form", { class: "combobox", role: "none", on: { submit: (event) => { event.preventDefault(); give(); } } },
    h("label", { for: id, class: "hidden" }, label), input, button && h("button", { type: "submit", class: "primary" }, button), popup);
  let rows = [];
  let chosen = -1;
  let request = null;

  const close = () => {
    request?.abort();
    popup.hidden = true;
    rows = [];
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  };

  const choose = (position) => {
    chosen = position;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === position)));
    const option = list.children[position];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const give = () => {
    const row = rows[chosen];
    const text = input.value.trim();
    if (row) {
      close();
      onRow(row);
    } else if (text && onText) {
      close();
      onText(text);
    } else if (!onText && rows.length) {
      choose(0);
    }
  };

  const option = (row, position) => h("li", {
    id: `${id}-${position}`, role: "option", "aria-selected": "false",
    on: {
      pointerdown: (event) => event.preventDefault(),
      click: () => { choose(position); give(); },
    },
  }, h("span", { class: "name" }, highlighted(row.name, row.highlights)),
  row.title !== row.name && h("span", { class: "of" }, row.title),
  h("span", { class: "end" }, row.level && chip(row.level, "level"), code(row.code)));

  const look = async () => {
    request?.abort();
    const own = (request = new AbortController());
    const text = input.value;
    try {
      const found = await suggest(text.trim(), ROWS, own.signal);
      if (own.signal.aborted || document.activeElement !== input) return;
      rows = found;
      show(list, found.map(option));
      choose(-1);
      show(hint, onText && text.trim() ? "Enter reads the title as typed · " : "", "↑ ↓ choose a role · Esc closes");
      popup.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      announce(text.trim() ? count(found.length, "suggestion") : "");
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", look);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (popup.hidden) look();
      else choose(chosen + step < -1 ? rows.length - 1 : chosen + step >= rows.length ? -1 : chosen + step);
    } else if (event.key === "Escape") {
      if (!popup.hidden) event.stopPropagation();
      else if (input.value && !onEscape) input.value = "";
      else onEscape?.();
      close();
    } else if (event.key === "Home" || event.key === "End") {
      choose(-1);
    }
  });
  return { element: form, input, close };
}
