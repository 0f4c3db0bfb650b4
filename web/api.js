// Turns calls of the service into values: one place for paths, errors, tokens and streams.

const BASE = new URL("./", document.baseURI);
const TOKEN = "rolecall.token";
const kept = new Map();

/** What the service refused, in its own words. */
export class ApiError extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail || problem.title || `the service answered ${status}`);
    this.status = status;
    this.title = problem.title || "The service refused this";
    this.parameter = problem.parameter;
    this.retryAfter = retryAfter;
  }
}

/** Keeps a token for this tab only. */
export const setToken = (token) => sessionStorage.setItem(TOKEN, token);

function headers(extra) {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { ...extra, authorization: `Bearer ${token}` } : extra;
}

async function ask(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { title: "The service cannot be reached", detail: "Is rolecall serve still running? Nothing was lost; try again." });
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ title: `The service answered ${response.status}` }));
  throw new ApiError(response.status, problem, Number(response.headers.get("retry-after")) || 0);
}

/** Address of a path of the service with parameters; absent ones are left out. */
export function address(path, params = {}) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, value);
  }
  return url;
}

/** Asks for JSON. */
export async function get(path, params, signal) {
  const response = await ask(address(path, params), { signal, headers: headers({ accept: "application/json" }) });
  return response.json();
}

/** Asks for JSON that stays the same while the page is open. */
export function getOnce(path, params) {
  const key = address(path, params).href;
  if (!kept.has(key)) {
    const asked = get(path, params);
    kept.set(key, asked);
    asked.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

const rolePath = (roleCode) => `v1/roles/${encodeURIComponent(roleCode)}`;

export const match = (title, signal) => get("v1/match", { title, explain: true }, signal);
export const role = (roleCode, signal) => get(rolePath(roleCode), {}, signal);
/** Roles near a role with the rules of distance: `{ adjacent, rules }`. */
export const adjacent = (roleCode, limit, signal) => get(`${rolePath(roleCode)}/adjacent`, { limit }, signal);
export const search = (params, signal) => get("v1/search", params, signal);
export const suggest = async (q, limit, signal) => (await get("v1/suggest", { q, limit }, signal)).suggestions;
export const info = () => getOnce("v1/info");
export const levels = () => getOnce("v1/levels");
/** The tree above the roles as two flat lists; each family names its superfunction. */
export const families = async () => {
  const { superfunctions = [], families: others = [] } = await getOnce("v1/families");
  const below = superfunctions.flatMap((area) => area.families.map((family) => ({ ...family, superfunction: area.code })));
  return { superfunctions, families: [...below, ...others.map((family) => ({ ...family, superfunction: "" }))] };
};
/** The roles of a specialisation, one a level. */
export const rolesOf = async (specialisation) => (await getOnce("v1/roles", { specialisation, limit: 100 })).roles;
/** One family with its specialisations and their roles; undefined when there is none. */
export const family = async (familyCode) => {
  const { superfunctions = [], families: others = [] } = await getOnce("v1/families", { family: familyCode });
  return [...superfunctions.flatMap((area) => area.families), ...others][0];
};

/** Answers titles in one streamed request: calls `each(position, answer)` as answers come, in order. */
export async function matchAll(titles, each, signal) {
  const body = titles.map((title, position) => JSON.stringify({ id: String(position), title })).join("\n") + "\n";
  const type = "application/x-ndjson";
  const response = await ask(address("v1/match/batch"), { method: "POST", body, signal, headers: headers({ "content-type": type, accept: type }) });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let position = 0;
  for (;;) {
    const { value, done } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines) if (line.trim()) each(position++, JSON.parse(line));
    if (done) return position;
  }
}
