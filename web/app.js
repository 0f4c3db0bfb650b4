// Turns the address into a view: hash routes survive a reload and need nothing from the server but the page itself.

import { ApiError, info, setToken } from "./api.js";
import { combobox } from "./combobox.js";
import { h, show, to } from "./dom.js";
import { home } from "./home.js";
import { matchView } from "./match.js";

/** Views by the first part of the path; those that are not needed first are loaded when asked for. */
const VIEWS = {
  "": { nav: "match", view: home },
  match: { nav: "match", view: matchView },
  role: { nav: "browse", load: async () => (await import("./role.js")).roleView },
  browse: { nav: "browse", load: async () => (await import("./browse.js")).browseView },
  batch: { nav: "batch", load: async () => (await import("./batch.js")).batchView },
  coordinates: { nav: "coordinates", load: async () => (await import("./coordinates.js")).coordinatesView },
};

const main = document.getElementById("main");
let running = null;
let shown = null;

const box = combobox({
  label: "Job title",
  placeholder: "A job title as people type it",
  button: "Match",
  onText: (title) => go(to("match", { title })),
  onRow: (row) => go(to("role", row.code)),
});

/** Goes to a hash; the same one again is looked up again. */
function go(hash) {
  if (location.hash === hash) render();
  else location.hash = hash;
}

/** What the address asks for. */
function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return { name: parts[0] ?? "", parts: parts.slice(1), query: new URLSearchParams(query) };
}

async function render() {
  if (location.hash && !location.hash.startsWith("#/")) return;
  const asked = place();
  const found = VIEWS[asked.name] ?? { nav: "", view: () => missing(asked.name) };
  running?.abort();
  const own = (running = new AbortController());
  const slow = setTimeout(() => main.setAttribute("aria-busy", "true"), 150);
  let view;
  try {
    const make = found.view ?? (await found.load());
    view = await make({ parts: asked.parts, query: asked.query, signal: own.signal, search: box.input });
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof ApiError)) console.error(error);
    view = { title: "Something is in the way", node: failure(error) };
  } finally {
    clearTimeout(slow);
  }
  if (own.signal.aborted) return;
  main.removeAttribute("aria-busy");
  document.body.dataset.view = asked.name || "home";
  document.title = view.title ? `${view.title} · rolecall` : "rolecall";
  for (const link of document.querySelectorAll("[data-nav]")) {
    if (link.dataset.nav === found.nav) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (asked.name !== "match" && shown === "match") box.input.value = "";
  show(main, view.node);
  const same = shown === asked.name && view.keepScroll;
  // The first view leaves the focus to the browser; later ones move it to what is new, so that it is read out.
  if (shown !== null && !same) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  shown = asked.name;
  view.after?.();
}

function missing(name) {
  return { title: "No such page", node: h("section", { class: "notice" }, h("h1", null, "No such page"), h("p", null, `Nothing is at “${name}”. `, h("a", { href: "#/" }, "Start over"))) };
}

function failure(error) {
  const again = error.status === 404 ? h("p", null, h("a", { href: "#/browse" }, "Browse what there is"))
    : h("button", { type: "button", on: { click: render } }, "Try again");
  const asksToken = error.status === 401 || error.status === 403;
  const token = h("input", { type: "password", id: "token", autocomplete: "off" });
  const form = h("form", { class: "inline", on: { submit: (event) => { event.preventDefault(); setToken(token.value.trim()); render(); } } },
    h("label", { for: "token" }, "Token"), token, h("button", { class: "primary" }, "Use for this tab"));
  return h("section", { class: "notice", role: "alert" },
    h("h1", null, error instanceof ApiError ? error.title : "The page stumbled"),
    h("p", null, error.message), asksToken ? form : again);
}

document.getElementById("search").append(box.element);
document.getElementById("skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
addEventListener("hashchange", render);
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.input.focus();
    box.input.select();
  }
});
render();
if (!location.hash || location.hash === "#/") box.input.focus({ preventScroll: true });

const foot = document.getElementById("foot");
const links = h("span", null, h("a", { href: "docs" }, "API"), " · ", h("kbd", null, "/"), " search");
show(foot, links);
info().then((facts) => {
  const taxonomy = facts.taxonomy ?? {};
  const named = typeof taxonomy === "string" ? taxonomy : [taxonomy.title ?? taxonomy.name, taxonomy.version].filter(Boolean).join(" ");
  show(foot, h("span", null, `rolecall ${facts.version ?? ""} answers from ${named}`), links);
}).catch(() => {});
