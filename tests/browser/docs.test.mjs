// The description of the API in a real browser: links that lead to their place, the keyboard, accessibility, narrow windows.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { faultsOf, open, overflow, startBrowser, startService } from "./harness.mjs";

let service;
let chrome;
const show = (hash, options) => open(chrome.browser, service.url, `docs${hash}`, options);

before(async () => {
  [service, chrome] = await Promise.all([startService(), startBrowser()]);
});
after(async () => {
  await chrome?.stop();
  await service?.stop();
});

describe("the API's page", () => {
  for (const [scheme, width] of [["light", 1180], ["dark", 1180], ["light", 375], ["dark", 375]]) {
    test(`is accessible and fits, ${scheme}, ${width} px`, async (t) => {
      const page = await show("", { colorScheme: scheme, viewport: { width, height: 800 } });
      await page.evaluate(() => document.querySelectorAll("details").forEach((shape) => { shape.open = true; }));
      const { grave, slight } = await faultsOf(page);
      assert.deepEqual(grave, []);
      if (slight.length) t.diagnostic(slight.join("; "));
      assert.ok((await overflow(page)) <= 0, "the page is wider than the window");
      assert.deepEqual(page.faults, []);
      await page.context().close();
    });
  }

  test("reads without JavaScript", async () => {
    const page = await show("", { javaScriptEnabled: false });
    assert.ok((await page.locator("article").count()) >= 25);
    await page.context().close();
  });

  test("a link to a shape opens it, by the keyboard alone", async () => {
    const page = await show("");
    const link = page.locator("article#get-v1-match a[href='#schema-classification']");
    await link.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("schema-classification").closest("details").open);
    assert.ok(await page.locator("#schema-classification").getByText("candidates", { exact: true }).isVisible());
    await page.context().close();
  });

  test("the first Tab skips the contents, and an example is answered", async () => {
    const page = await show("");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
    await page.locator("article#get-v1-match .try a").click();
    await page.waitForURL(/\/v1\/match\?title=/);
    assert.equal(JSON.parse(await page.locator("body").textContent()).decision, "accept");
    await page.context().close();
  });
});
