// The page in a real browser: typing, matching, roles, browsing, coordinates, what goes wrong, accessibility, size and speed.

import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { faultsOf, open, overflow, startBrowser, startService } from "./harness.mjs";

const TITLE = "Sr. DevOps Eng. (Remote, m/f/d)";
const ROLE = "DEI.GEN.P5";
const matchOf = (title) => `#/match?${new URLSearchParams({ title })}`;
const LIST = "id,job_title\n1,Registered Nurse\n2,Sr. DevOps Eng. (Remote)\n3,Registered Nurse\n4,qwertz\n5,\n";

let service;
let chrome;
const show = (hash, options) => open(chrome.browser, service.url, hash, options);

before(async () => {
  [service, chrome] = await Promise.all([startService(), startBrowser()]);
});
after(async () => {
  await chrome?.stop();
  await service?.stop();
});

describe("search box", () => {
  test("suggests while typing, with the typed letters marked", async () => {
    const page = await show("");
    assert.equal(await page.evaluate(() => document.activeElement.role ?? document.activeElement.getAttribute("role")), "combobox");
    await page.keyboard.type("nurse");
    const options = page.getByRole("option");
    // Every keystroke draws anew: the list of the whole word is the one to look at.
    await options.first().locator("mark", { hasText: /^nurse$/i }).waitFor();
    assert.ok((await options.count()) >= 3);
    assert.equal(await page.getByRole("combobox").getAttribute("aria-expanded"), "true");
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("arrows choose a role, Enter opens it, Escape closes the list", async () => {
    const page = await show("");
    const box = page.getByRole("combobox");
    await box.fill("site reliability");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const chosen = page.getByRole("option", { selected: true });
    assert.equal(await box.getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
    const roleCode = await chosen.locator(".code").textContent();
    await page.keyboard.press("Enter");
    await page.locator(".record h1").waitFor();
    assert.ok(page.url().endsWith(`#/role/${roleCode}`));
    await page.keyboard.press("/");
    assert.ok(await box.evaluate((input) => input === document.activeElement));
    await page.keyboard.type("nurse");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("option").count(), 0);
    assert.equal(await box.inputValue(), "nurse");
    assert.equal(await box.getAttribute("aria-expanded"), "false");
    await page.context().close();
  });

  test("an older, slower answer never replaces a newer one", async () => {
    const page = await show("");
    await page.route("**/v1/suggest?q=nur&*", async (route) => {
      await new Promise((done) => setTimeout(done, 400));
      await route.continue().catch(() => {});
    });
    const box = page.getByRole("combobox");
    await box.fill("nur");
    await box.fill("carpenter");
    await page.getByRole("option").first().waitFor();
    await page.waitForTimeout(700);
    assert.match(await page.getByRole("option").first().textContent(), /carpenter/i);
    await page.context().close();
  });

  test("Enter reads the title as typed", async () => {
    const page = await show("");
    await page.getByRole("combobox").fill(TITLE);
    await page.keyboard.press("Enter");
    await page.locator(".answer").waitFor();
    assert.equal(new URLSearchParams(page.url().split("?")[1]).get("title"), TITLE);
    await page.context().close();
  });
});

describe("match", () => {
  test("shows how the title was read, and survives a reload", async () => {
    const page = await show(matchOf(TITLE));
    for (const again of [false, true]) {
      if (again) await page.reload();
      await page.locator(".answer").waitFor();
      assert.deepEqual((await page.locator(".marked s").allTextContents()).sort(), ["Remote", "m/f/d"]);
      assert.match(await page.locator(".piece.level").textContent(), /senior · P5/);
      assert.equal(await page.locator(".answer h2 a").getAttribute("href"), `#/role/${ROLE}`);
      assert.match(await page.locator(".answer .confidence").textContent(), /\d.*(high|medium|low)/);
      assert.match(await page.locator(".answer .decision").textContent(), /Accept|Review/);
      assert.equal(await page.getByRole("combobox").inputValue(), TITLE);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("says in words why a decision is less than an accept, and why others lost", async () => {
    const page = await show(matchOf("Data wrangler for pharma trials"));
    await page.locator(".others li").first().waitFor();
    assert.ok((await page.locator(".answer .reasons li").count()) > 0);
    assert.ok((await page.locator(".others .why li").count()) >= (await page.locator(".others > li").count()));
    assert.match(await page.locator(".facts").textContent(), /Left over\s*.*(wrangler|pharma)/);
    const shown = await page.locator("main").textContent();
    assert.doesNotMatch(shown, /level_not_stated|low_confidence|undefined|NaN|\[object/);
    await page.context().close();
  });

  test("several titles in one are answered one by one", async () => {
    const page = await show(matchOf("Sales Mgr / Account Executive"));
    await page.locator(".parts li").first().waitFor();
    assert.equal(await page.locator(".parts > li").count(), 2);
    await page.context().close();
  });

  test("titles are text, never markup", async () => {
    const nasty = "<img src=x onerror=window.hit=1> Nurse \"'><script>window.hit=1</script> &amp; ‮evil";
    const page = await show(matchOf(nasty));
    await page.locator(".answer").waitFor();
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.ok((await page.locator(".marked").textContent()).includes("<script>") || (await page.getByRole("combobox").inputValue()).includes("<script>"));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  for (const [name, title] of [["nothing but a level", "senior"], ["nothing at all", ""], ["no words", "???"], ["another script", "看護師"], ["a very long text", "nurse ".repeat(160)]]) {
    test(`answers ${name}`, async () => {
      const page = await show(matchOf(title));
      await page.locator(".answer").waitFor();
      assert.doesNotMatch(await page.locator("main").textContent(), /undefined|NaN|\[object/);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }
});

describe("role", () => {
  test("has every section, in order, with the seven facets", async () => {
    const page = await show(`#/role/${ROLE}`);
    const heads = await page.locator(".sections > section > h2").allTextContents();
    const expected = [/^The story of this role/, /^Summary/, /^Level — P5/, /^Core outputs/, /^Adjacent roles/, /^Components/, /^Title aliases/, /^Classification mappings/];
    assert.equal(heads.length, expected.length);
    expected.forEach((pattern, at) => assert.match(heads[at], pattern));
    assert.deepEqual(await page.locator(".card dt").allTextContents(), ["Scope", "Autonomy", "Complexity", "Impact", "Decision rights", "Leadership", "Typical experience"]);
    assert.match(await page.locator("#outputs").textContent(), /No core outputs recorded yet/);
    assert.deepEqual(await page.locator("#aliases thead th").allTextContents(), ["Alias", "Type", "Confidence", "Approved", "Language"]);
    assert.match(await page.locator("#mappings tbody").textContent(), /reviewed|needs review/);
    const counted = await page.locator("#components h3 .count").allTextContents();
    const listed = await page.locator("#components .kinds ul").evaluateAll((lists) => lists.map((list) => String(list.children.length)));
    assert.deepEqual(counted, listed);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("draws adjacent roles on a map and lists them with distance and band", async () => {
    const page = await show(`#/role/${ROLE}/adjacent`);
    assert.equal(await page.locator(".map svg .here").count(), 1);
    assert.ok((await page.locator(".map svg [data-code]").count()) >= 20);
    const distances = (await page.locator(".near .number").allTextContents()).map(Number);
    assert.deepEqual(distances, [...distances].sort((a, b) => a - b));
    assert.ok(distances.every((distance) => distance > 0 && distance <= 1));
    const dot = page.locator(".map svg [data-code]").nth(5);
    const there = await dot.getAttribute("data-code");
    await dot.click();
    await page.waitForFunction((hash) => location.hash === hash, `#/role/${there}`);
    await page.context().close();
  });

  test("a role that does not exist says so", async () => {
    const page = await show("#/role/NO.SUCH.P9");
    assert.match(await page.locator("[role=alert]").textContent(), /no role|no such/i);
    await page.context().close();
  });
});

describe("browse", () => {
  test("goes from area to family to specialisation to a level's role", async () => {
    const page = await show("#/browse");
    await page.getByRole("link", { name: /^Software and Information Technology/ }).click();
    await page.getByRole("link", { name: "DevOps Engineering and Infrastructure" }).click();
    await page.getByRole("link", { name: "DevOps Engineer, level P5" }).click();
    await page.locator(".record h1").waitFor();
    assert.ok(page.url().endsWith(`#/role/${ROLE}`));
    await page.goBack();
    await page.locator(".tree").waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("finds by words of skills and narrows by level", async () => {
    const page = await show("#/browse");
    await page.getByLabel("Words of names, skills and knowledge").fill("terraform");
    await page.keyboard.press("Enter");
    await page.locator(".found li").first().waitFor();
    assert.match(await page.locator(".found").textContent(), /DevOps/);
    await page.getByLabel("Level", { exact: true }).selectOption("P5");
    await page.waitForFunction(() => location.hash.includes("level=P5"));
    await page.locator(".found a.name").first().waitFor();
    assert.match(await page.locator(".found a.name").first().getAttribute("href"), /\.P5$/);
    await page.context().close();
  });

  test("shows more than one page of results", async () => {
    const page = await show("#/browse?level=P3");
    await page.locator(".found > li").first().waitFor();
    const first = await page.locator(".found > li").count();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.waitForFunction((number) => document.querySelectorAll(".found > li").length > number, first);
    const names = await page.locator(".found > li > .line .code").allTextContents();
    assert.equal(new Set(names).size, names.length);
    await page.context().close();
  });
});

describe("coordinates", () => {
  test("the sum on the page is the distance that the service gives", async () => {
    const near = await (await fetch(`${service.url}v1/roles/${ROLE}/adjacent?limit=200`)).json();
    const places = [0, 11, 40, near.adjacent.length - 1].filter((place) => near.adjacent[place]);
    for (const place of places) {
      const other = near.adjacent[place];
      const page = await show(`#/coordinates?from=${ROLE}&to=${encodeURIComponent(other.code)}`);
      await page.locator(".sum tfoot").waitFor();
      assert.equal(Number(await page.locator(".sum tfoot .number").textContent()).toFixed(3), other.distance.toFixed(3), other.code);
      assert.equal(await page.locator(".sum tfoot .chip").textContent(), other.band);
      await page.context().close();
    }
  });
});

describe("what goes wrong", () => {
  test("a service that fails is named, and asking again helps", async () => {
    const page = await show("");
    await page.route("**/v1/match?*", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ title: "the service is busy", detail: "come back in a second" }) }));
    await page.getByRole("combobox").fill("nurse");
    await page.keyboard.press("Enter");
    await page.getByText("come back in a second").waitFor();
    await page.unroute("**/v1/match?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".answer").waitFor();
    await page.context().close();
  });

  test("a service that is gone is named", async () => {
    const page = await show("");
    await page.route("**/v1/match?*", (route) => route.abort());
    await page.getByRole("combobox").fill("nurse");
    await page.keyboard.press("Enter");
    await page.getByText("cannot be reached").waitFor();
    await page.context().close();
  });

  test("a service that asks for a token gets one", async () => {
    const page = await show("");
    await page.route("**/v1/**", (route) => (route.request().headers().authorization === "Bearer let-me-in" ? route.continue()
      : route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ title: "a token is needed", detail: "send a token" }) })));
    await page.evaluate((hash) => { location.hash = hash; }, `#/role/${ROLE}`);
    await page.getByLabel("Token").fill("let-me-in");
    await page.keyboard.press("Enter");
    await page.locator(".record h1").waitFor();
    await page.context().close();
  });
});

const VIEWS = [["home", ""], ["match", matchOf(TITLE)], ["doubt", matchOf("Data wrangler for pharma trials")], ["role", `#/role/${ROLE}`], ["areas", "#/browse"], ["family", "#/browse/TEC/DEI"],
  ["search", "#/browse?q=terraform"], ["coordinates", "#/coordinates"], ["batch", "#/batch"]];

describe("accessibility and layout", () => {
  for (const [scheme, width] of [["light", 1180], ["dark", 1180], ["light", 375], ["dark", 375]]) {
    for (const [name, hash] of VIEWS) {
      test(`${name}, ${scheme}, ${width} px`, async (t) => {
        const page = await show(hash, { colorScheme: scheme, viewport: { width, height: 800 } });
        await page.waitForLoadState("networkidle");
        const { grave, slight } = await faultsOf(page);
        assert.deepEqual(grave, []);
        if (slight.length) t.diagnostic(slight.join("; "));
        assert.ok((await overflow(page)) <= 0, "the page is wider than the window");
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }

  test("the list of suggestions and the review are accessible", async () => {
    const page = await show("");
    await page.keyboard.type("nurse");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    assert.deepEqual((await faultsOf(page)).grave, []);
    await page.evaluate(() => { location.hash = "#/batch"; });
    await page.getByLabel("Paste titles or a table").fill(LIST);
    await page.getByRole("button", { name: /^Code 5/ }).click();
    await page.locator(".bench").waitFor();
    assert.deepEqual((await faultsOf(page)).grave, []);
    await page.context().close();
  });

  test("every view has one h1 and a title of its own", async () => {
    const page = await show("");
    const titles = new Set();
    for (const [, hash] of VIEWS.slice(1)) {
      await page.evaluate((to) => { location.hash = to; }, hash);
      await page.waitForFunction((before) => !before.includes(document.title), [...titles]);
      titles.add(await page.title());
      assert.equal(await page.locator("h1").count(), 1, hash);
    }
    await page.context().close();
  });
});

describe("size and speed", () => {
  test("all files together are below 150 kB", async (t) => {
    const folder = new URL("../../web/", import.meta.url);
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(new URL(name, folder))).size));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${sizes.length} files, ${total} bytes`);
    assert.ok(total < 150_000, `${total} bytes`);
  });

  test("usable within 200 ms of load", async (t) => {
    const times = [];
    for (let round = 0; round < 7; round += 1) {
      const context = await chrome.browser.newContext();
      const page = await context.newPage();
      await page.addInitScript(() => {
        new MutationObserver((_, observer) => {
          if (document.querySelector("[role=combobox]") && document.querySelector("main h1")) {
            window.usable = performance.now();
            observer.disconnect();
          }
        }).observe(document, { childList: true, subtree: true });
      });
      await page.goto(service.url);
      await page.waitForFunction(() => window.usable);
      times.push(await page.evaluate(() => window.usable));
      await context.close();
    }
    times.sort((a, b) => a - b);
    t.diagnostic(`usable after ${times.map((time) => Math.round(time)).join(", ")} ms`);
    // The quickest of several: what the page needs, not what else the machine was doing.
    assert.ok(times[0] < 200, `${times[0]} ms`);
  });
});
