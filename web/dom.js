// Turns data into nodes: every text goes in as text, never as markup, so whatever a title holds stays a title.

const SVG = "http://www.w3.org/2000/svg";

/** Fills an element: attributes from `props` (`on` holds listeners, `data` data attributes), then children. */
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "vars") for (const [key, number] of Object.entries(value)) element.style.setProperty(`--${key}`, number);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** Appends nodes, texts and lists of them; nothing for null, undefined and false. */
export function append(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** An HTML element. */
export const h = (name, props, ...children) => fill(document.createElement(name), props, children);

/** An SVG element. */
export const s = (name, props, ...children) => fill(document.createElementNS(SVG, name), props, children);

/** Replaces all children. */
export function show(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/** Hash link of a view: `to("role", code)`, `to("match", { title })`. */
export function to(...parts) {
  const query = typeof parts.at(-1) === "object" ? parts.pop() : {};
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const path = parts.map((part) => encodeURIComponent(part)).join("/");
  return `#/${path}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

/** A code in code letters; a link to its role when asked. */
export const code = (text, href) => (href ? h("a", { class: "code", href }, text) : h("code", { class: "code" }, text));

/** A small label. */
export const chip = (text, kind = "", title) => h("span", { class: `chip ${kind}`, title }, text);

/** Says something to people who listen instead of look. */
export function announce(text) {
  document.getElementById("status").textContent = text;
}

/** Downloads a text as a file. */
export function download(name, text, type = "text/csv;charset=utf-8") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
