// Turns the text of a table into rows and rows into CSV, as RFC 4180 has it; also lines, tabs and semicolons.

const SEPARATORS = [",", ";", "\t", "|"];

/** The separator that cuts the first lines into the same number of cells, most of them; null when there is no table. */
export function separatorOf(text) {
  const sample = text.slice(0, 20_000);
  let best = null;
  for (const separator of SEPARATORS) {
    const rows = parse(sample, separator).slice(0, 20);
    const width = rows[0]?.length ?? 0;
    const even = rows.slice(0, -1).every((row) => row.length === width);
    if (width > 1 && even && rows.length > 1 && width > (best?.width ?? 1)) best = { separator, width };
  }
  return best?.separator ?? null;
}

/** Cuts a table into rows of cells; blank lines are left out. */
export function parse(text, separator) {
  const rows = [];
  let row = [];
  let cell = "";
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const endCell = () => { row.push(cell); cell = ""; };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  while (at < text.length) {
    const letter = text[at];
    if (letter === '"' && cell === "") {
      // A quoted cell: up to the quote that no other follows; an unclosed one ends with the text.
      let end = at + 1;
      for (;;) {
        const quote = text.indexOf('"', end);
        if (quote < 0) { cell += text.slice(end); end = text.length; break; }
        cell += text.slice(end, quote);
        if (text[quote + 1] !== '"') { end = quote + 1; break; }
        cell += '"';
        end = quote + 2;
      }
      at = end;
      while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") cell += text[at++];
      if (text[at] === separator) { endCell(); at += 1; if (at === text.length) endRow(); continue; }
      if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
      endRow();
      at += 1;
      continue;
    }
    if (letter === separator) endCell();
    else if (letter === "\n") endRow();
    else if (letter === "\r") { if (text[at + 1] !== "\n") endRow(); }
    else cell += letter;
    at += 1;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

/** Cuts lines; blank ones are left out. */
export const lines = (text) => text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).map((line) => line.trim()).filter(Boolean);

const quoted = (cell, separator) => {
  const text = String(cell ?? "");
  return /["\r\n]/.test(text) || text.includes(separator) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Writes rows as CSV. */
export const write = (rows, separator = ",") => rows.map((row) => row.map((cell) => quoted(cell, separator)).join(separator)).join("\r\n") + "\r\n";

/** Reads a file's bytes as UTF-8, else as Windows-1252, and says which. */
export function decode(bytes) {
  const view = new Uint8Array(bytes);
  if (view[0] === 0xff && view[1] === 0xfe) return { text: new TextDecoder("utf-16le").decode(view), encoding: "UTF-16" };
  if (view[0] === 0x50 && view[1] === 0x4b) return { text: null, encoding: "zip" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(view), encoding: "UTF-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(view), encoding: "Windows-1252" };
  }
}
