// Turns nothing into a beginning: what the page does, and titles to try.

import { h, to } from "./dom.js";

/** Titles that each show something else: noise, a short form, a slip, two titles, an open level, another language. */
const EXAMPLES = [
  ["Sr. DevOps Eng. (Remote, m/f/d)", "noise and level"],
  ["RN - Med/Surg Nights $5K sign-on", "short forms, pay"],
  ["sofware develper II", "typing slips"],
  ["Sales Mgr / Account Executive", "two titles"],
  ["Registered Nurse", "no level stated"],
  ["Krankenpfleger (m/w/d)", "another language"],
];

/** The first view. */
export function home() {
  const examples = EXAMPLES.map(([title, about]) => h("li", null,
    h("a", { href: to("match", { title }) }, h("span", { class: "typed" }, title), h("span", { class: "about" }, about))));
  const ways = [
    ["#/browse", "Browse the roles", "By area of work, family and level, or by a word of their skills."],
    ["#/batch", "Code a list", "Drop a file or paste titles, settle what is unsure, download the codes."],
    ["#/coordinates", "How coordinates work", "Where a role stands, and how far it is from another."],
  ];
  return {
    title: "",
    node: [
      h("section", { class: "hero" }, h("h1", null, "Which role is this title?"),
        h("p", { class: "lead" }, "Type a job title the way people write it. You get a code, a level, a confidence you can act on, and the reason.")),
      h("section", { "aria-labelledby": "try" }, h("h2", { id: "try", class: "quiet" }, "Try one"), h("ul", { class: "examples" }, examples)),
      h("section", { class: "ways", "aria-label": "More" },
        ways.map(([href, name, about]) => h("a", { href, class: "way" }, h("strong", null, name), h("span", null, about)))),
    ],
  };
}
