// Turns the closed sets of the service's answers into words for people; a name that is new here is shown as it is.

const plain = (name) => String(name ?? "").replaceAll("_", " ");
const from = (table) => (name) => table[name] ?? plain(name);

/** What to do with an answer. */
export const DECISIONS = {
  accept: { word: "Accept", mark: "✓", says: "Sure enough to use as it is." },
  review: { word: "Review", mark: "?", says: "Let a person look before it is used." },
  reject: { word: "No answer", mark: "–", says: "Nothing here is likely enough to offer." },
};

/** Why a decision is less than an accept. */
export const reason = from({
  input_empty: "There is no text to read.",
  input_too_long: "The text is longer than a title can be.",
  no_candidates: "Nothing in the taxonomy is like this title.",
  level_only: "The title states a level and no work.",
  too_vague: "The title is a word that many roles share, or names no job.",
  multiple_titles: "The text holds several titles.",
  low_confidence: "The confidence is below what accepting asks for.",
  low_margin: "The next role is nearly as likely.",
  level_not_stated: "The title states no level, and the roles found differ by level.",
  level_conflict: "The role stands at another level than the title states.",
  track_conflict: "The role is on another track than the title states.",
  unapproved_alias: "It rests on an alias that nobody has approved.",
  derived_name_only: "It rests on a title made from a level's pattern.",
  ambiguous_alias: "Several roles bear this name.",
  draft_role: "The role's record is a draft.",
  deprecated_role: "The role was withdrawn and nothing replaces it.",
});

/** How a role was found. */
export const tier = from({
  code: "the text is the role's code",
  exact: "the whole title is a name of this role",
  known: "the title is a name of this role once small differences are forgiven",
  novel: "no name matches whole; found by likeness",
  override: "settled by your own override",
});

/** What was forgiven between title and name. */
export const relaxation = from({
  case: "capitals", order: "order of words", plural: "plural or inflection", abbreviation: "short form",
  compound: "words joined or cut", gender_form: "gender form", typo: "slip of the keyboard",
  token_dropped: "words left over", level_dropped: "level words", noise: "words that belong to no title",
});

/** What a struck-out piece is. */
export const noise = from({
  work_mode: "work mode", gender_marker: "gender marker", pay: "pay", shift: "shift", location: "place",
  requisition: "requisition number", employer: "employer", contract: "contract", date: "date",
});

/** How a role's level stands to the title. */
export const levelMatch = from({
  match: "the level stated",
  compatible: "one grade from the level stated",
  not_stated: "the usual level; the title states none",
  conflict: "several grades from the level stated",
  track_conflict: "another track than the title states",
});

/** How a role stands to a code of another scheme: the word and what it means. */
export const relation = from({
  exact: "exact: the same", close: "close: nearly the same",
  narrow: "narrow: the role is narrower than the code", broad: "broad: the role is broader than the code",
});

/** Components in the order of a role's page. */
export const KINDS = [
  ["responsibility", "Responsibilities"], ["task", "Tasks"], ["skill", "Skills"],
  ["knowledge", "Knowledge"], ["competency", "Competencies"], ["qualification", "Qualifications"],
];

/** Facets of a level; the seventh, experience, is a range. */
export const FACETS = [
  ["scope", "Scope"], ["autonomy", "Autonomy"], ["complexity", "Complexity"], ["impact", "Impact"],
  ["decision_rights", "Decision rights"], ["leadership", "Leadership"],
];

/** Names of schemes as their keepers write them. */
export const scheme = from({ soc: "SOC", onet: "O*NET-SOC", isco: "ISCO", esco: "ESCO" });

/** Colour of a record's status. */
export const statusKind = (status) => ({ draft: "warn", review: "", approved: "good", deprecated: "bad" })[status] ?? "";

/** Coarse band of a confidence, with the cut points that the taxonomy's records use. */
export const band = (confidence) => (confidence >= 0.8 ? "high" : confidence >= 0.5 ? "medium" : "low");

/** A probability in two places; what is not quite 1 never reads as 1.00. */
export function probability(value) {
  if (value === undefined || value === null) return "–";
  if (value > 0.99 && value < 1) return ">0.99";
  if (value > 0 && value < 0.01) return "<0.01";
  return value.toFixed(2);
}

const languages = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en"], { type: "language" }) : null;

/** Name of a language. */
export function language(tag) {
  try {
    return (tag && languages?.of(tag)) || tag || "";
  } catch {
    return tag;
  }
}

/** A number with its noun: `count(1, "row")`. */
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

export { plain };
