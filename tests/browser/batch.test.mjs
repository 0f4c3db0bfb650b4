// The batch view in a real browser: intake, progress, review by keyboard, downloads.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { open, startBrowser, startService } from "./harness.mjs";
import { decode, parse, separatorOf, write } from "../../web/csv.js";

let service;
let chrome;

before(async () => {
  [service, chrome] = await Promise.all([startService(), startBrowser()]);
});
after(async () => {
  await chrome?.stop();
  await service?.stop();
});

const LIST = `id,job_title,city
1,Registered Nurse,Hull
2,"Data wrangler, pharma ""trials""",York
3,Registered Nurse,Leeds
4,Registered Nurse (Nights),Hull
5,qwertz,Hull
6,,York
7,Registered Nurse,Hull
`;

async function coded(text, rows) {
  const page = await open(chrome.browser, service.url, "#/batch");
  await page.getByLabel("Paste titles or a table").fill(text);
  await page.getByRole("button", { name: `Code ${rows} row${rows === 1 ? "" : "s"}` }).click();
  await page.locator(".bench").waitFor();
  return page;
}

async function downloaded(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
}

describe("csv", () => {
  const cases = [
    ["plain", "a,b\n1,2\n", ",", [["a", "b"], ["1", "2"]]],
    ["quotes", 'a,"b ""c"", d"\r\n"x\ny",2', ",", [["a", 'b "c", d'], ["x\ny", "2"]]],
    ["mark and blank lines", "\ufeffa;b\n\n1;2", ";", [["a", "b"], ["1", "2"]]],
    ["empty last cell", "a,b\n1,\n\"x\",", ",", [["a", "b"], ["1", ""], ["x", ""]]],
    ["old line ends", "a\tb\r1\t2", "\t", [["a", "b"], ["1", "2"]]],
    ["an unclosed quote", 'a,b\n"1,2', ",", [["a", "b"], ["1,2"]]],
    ["a quote inside", 'a,5" pipe fitter\n1,2', ",", [["a", '5" pipe fitter'], ["1", "2"]]],
    ["text after a quoted cell", '"a"b,c', ",", [["ab", "c"]]],
  ];
  for (const [name, text, separator, rows] of cases) test(name, () => assert.deepEqual(parse(text, separator), rows));

  test("what is written is read again", () => {
    const rows = [["a,b", 'c"d', " e ", "f\ng"], ["", "=1+1", "ü", "🙂"], ["x", "y", "z", ""]];
    for (const separator of [",", ";", "\t"]) assert.deepEqual(parse(write(rows, separator), separator), rows);
  });

  test("separators are found, and a list of titles is no table", () => {
    assert.equal(separatorOf("a;b;c\n1;2,5;3\n"), ";");
    assert.equal(separatorOf("a\tb\n1\t2\n"), "\t");
    assert.equal(separatorOf("Nurse\nManager, Sales\nDriver\n"), null);
    assert.equal(separatorOf("Nurse"), null);
  });

  test("encodings are told apart", () => {
    const bytes = (...numbers) => new Uint8Array(numbers).buffer;
    assert.deepEqual(decode(bytes(0xc3, 0xbc)), { text: "ü", encoding: "UTF-8" });
    assert.deepEqual(decode(bytes(0xfc)), { text: "ü", encoding: "Windows-1252" });
    assert.deepEqual(decode(bytes(0xff, 0xfe, 0xfc, 0x00)), { text: "ü", encoding: "UTF-16" });
    assert.equal(decode(bytes(0x50, 0x4b, 3, 4)).text, null);
  });
});

describe("batch", () => {
  test("a list keeps its rows and columns, and gains an answer in each", async () => {
    const page = await coded(LIST, 7);
    assert.match(await page.locator(".result").textContent(), /7 rows, 5 different titles/);
    const file = await downloaded(page, "Download coded CSV");
    const given = parse(LIST, ",");
    const rows = parse(file.text, ",");
    assert.equal(rows.length, given.length);
    assert.deepEqual(rows.map((row) => row.slice(0, 3)), given);
    assert.deepEqual(rows[0].slice(3, 6), ["rolecall_decision", "rolecall_code", "rolecall_title"]);
    for (const [at, row] of rows.slice(1).entries()) {
      const answer = await (await fetch(`${service.url}v1/match?${new URLSearchParams({ title: given[at + 1][1] })}`)).json();
      assert.equal(row[3], answer.decision, given[at + 1][1]);
      assert.equal(row[4], answer.decision === "reject" ? "" : answer.candidates[0].code);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("the queue begins with what settles most rows, and keys settle it", async () => {
    const page = await coded(LIST, 7);
    const rows = (await page.locator(".queue .rows").allTextContents()).map(Number);
    assert.deepEqual(rows, [...rows].sort((a, b) => b - a));
    const open = await page.locator(".queue li").count();
    assert.ok(open >= 3);
    const first = await page.locator(".queue li").first().textContent();
    assert.match(first, /Registered Nurse/);
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".queue li").count(), open - 1);
    assert.match(await page.locator(".figures").textContent(), /Settled by you[^\d]*3/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("x");
    assert.equal(await page.locator(".queue li").count(), open - 2);
    await page.keyboard.press("u");
    assert.equal(await page.locator(".queue li").count(), open - 1);
    await page.keyboard.press("c");
    await page.keyboard.type("carpenter");
    await page.locator(".detail [role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const wanted = await page.locator(".detail [role=option][aria-selected=true] .code").textContent();
    await page.keyboard.press("Enter");
    await page.waitForFunction((number) => document.querySelectorAll(".queue li").length === number, open - 2);

    const overrides = await downloaded(page, "Download overrides CSV");
    const decided = parse(overrides.text, ",");
    assert.deepEqual(decided[0], ["title", "code", "note"]);
    assert.equal(decided.length, 3);
    assert.equal(decided[1][0], "Registered Nurse");
    assert.match(decided[1][1], /^NUR\.GEN\./);
    assert.equal(decided[2][1], wanted);
    const table = parse((await downloaded(page, "Download coded CSV")).text, ",");
    const reviewed = table[0].indexOf("rolecall_reviewed");
    assert.deepEqual(table.slice(1).filter((row) => row[1] === "Registered Nurse").map((row) => [row[3], row[4], row[reviewed]]), Array(3).fill(["accept", decided[1][1], "accepted as proposed"]));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("where only the level is open, a number chooses it", async () => {
    const page = await coded(LIST, 7);
    const wanted = page.locator(".picks-list li", { hasText: "NUR.GEN.P5" });
    await wanted.waitFor();
    const key = await wanted.locator("kbd").textContent();
    assert.match(key, /^[2-9]$/);
    await page.locator(".queue").focus();
    await page.keyboard.press(key);
    assert.match(await page.locator(".figures").textContent(), /Settled by you[^\d]*3/);
    const decided = parse((await downloaded(page, "Download overrides CSV")).text, ",");
    assert.deepEqual(decided[1], ["Registered Nurse", "NUR.GEN.P5", "chosen instead of NUR.GEN.P3"]);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("decisions outlive a look at a role's page", async () => {
    const page = await coded(LIST, 7);
    await page.keyboard.press("Enter");
    await page.evaluate(() => { location.hash = "#/role/NUR.GEN.P3"; });
    await page.locator(".record h1").waitFor();
    await page.goBack();
    await page.locator(".bench").waitFor();
    assert.match(await page.locator(".figures").textContent(), /Settled by you[^\d]*3/);
    await page.context().close();
  });

  test("the column of titles is guessed and can be chosen", async () => {
    const page = await open(chrome.browser, service.url, "#/batch");
    await page.getByLabel("Paste titles or a table").fill("ref;was;Stelle\n1;Koch;Nurse\n2;Maler;Carpenter\n");
    const select = page.getByLabel("Titles are in");
    await select.selectOption({ label: "Stelle" });
    assert.deepEqual(await page.locator(".samples li").allTextContents(), ["Nurse", "Carpenter"]);
    await page.context().close();
  });

  test("a file is read, and one that is no text is refused", async () => {
    const page = await open(chrome.browser, service.url, "#/batch");
    await page.locator("#file").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("name,title\nA,M\xe4dchen f\xfcr alles\n", "latin1") });
    await page.getByText("not UTF-8").waitFor();
    assert.match(await page.locator(".samples").textContent(), /Mädchen für alles/);
    await page.locator("#file").setInputFiles({ name: "people.xlsx", mimeType: "application/zip", buffer: Buffer.from("PK\x03\x04rest", "latin1") });
    await page.getByText("is no text").waitFor();
    await page.context().close();
  });

  test("a busy service is asked again and a failing one keeps what was answered", async () => {
    const page = await open(chrome.browser, service.url, "#/batch");
    let asked = 0;
    await page.route("**/v1/match/batch*", (route) => {
      asked += 1;
      if (asked === 2) return route.fulfill({ status: 503, headers: { "retry-after": "1" }, contentType: "application/problem+json", body: '{"title":"busy"}' });
      if (asked === 4) return route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"title":"broken","detail":"a fault of the program"}' });
      return route.continue();
    });
    const titles = Array.from({ length: 1600 }, (_, number) => `Nurse ${number}`);
    // From a file: typing so many lines into a field takes the browser minutes on a slow machine.
    await page.locator("#file").setInputFiles({ name: "many.txt", mimeType: "text/plain", buffer: Buffer.from(titles.join("\n")) });
    await page.getByRole("button", { name: "Code 1,600 rows" }).click();
    await page.getByText("a fault of the program").waitFor();
    assert.match(await page.locator("[role=alert]").textContent(), /1,000 titles of 1,600/);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator(".bench").waitFor();
    const table = parse((await downloaded(page, "Download coded CSV")).text, ",");
    assert.deepEqual(table.slice(1).map((row) => row[0]), titles);
    assert.ok(table.slice(1).every((row) => row[1]));
    await page.context().close();
  });

  test("ten thousand different titles", async (t) => {
    const words = ["Nurse", "Carpenter", "Sales Manager", "Driver", "Welder", "Teacher", "Clerk", "Analyst", "Chef", "Engineer"];
    const titles = Array.from({ length: 10_000 }, (_, number) => `${words[number % 10]} ward ${number}`);
    const started = performance.now();
    const page = await open(chrome.browser, service.url, "#/batch");
    await page.locator("#file").setInputFiles({ name: "many.txt", mimeType: "text/plain", buffer: Buffer.from(titles.join("\n")) });
    await page.getByRole("button", { name: "Code 10,000 rows" }).click();
    await page.locator(".bench").waitFor();
    t.diagnostic(`${Math.round(performance.now() - started)} ms until the review, loading the page included`);
    const before = performance.now();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /Settled by you[^\d]*[1-9]/.test(document.querySelector(".figures").textContent));
    t.diagnostic(`${Math.round(performance.now() - before)} ms for one decision`);
    assert.ok((await page.locator(".queue li").count()) <= 200);
    await page.context().close();
  });
});
