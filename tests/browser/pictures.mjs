// Takes the pictures of the page under docs/pictures.

import { mkdir, readFile } from "node:fs/promises";
import { open, startBrowser, startService } from "./harness.mjs";

const folder = new URL("../../docs/pictures/", import.meta.url).pathname;
const list = await readFile(new URL("../../examples/titles.csv", import.meta.url), "utf8");
const TITLE = "Sr. DevOps Eng. (Remote, m/f/d)";
const matchOf = (title) => `#/match?${new URLSearchParams({ title })}`;

const service = await startService();
const chrome = await startBrowser();
await mkdir(folder, { recursive: true });

async function take(name, hash, { prepare, ...options } = {}) {
  const page = await open(chrome.browser, service.url, hash, { viewport: { width: 1180, height: 860 }, ...options });
  await page.waitForLoadState("networkidle");
  await prepare?.(page);
  await page.screenshot({ path: `${folder}${name}.png` });
  console.log(`${name}.png`);
  await page.context().close();
}

await take("match", matchOf(TITLE));
await take("dark", matchOf("Data wrangler for pharma trials"), { colorScheme: "dark" });
await take("phone", matchOf("registered nurse"), { viewport: { width: 375, height: 780 } });
await take("role", "#/role/DEI.GEN.P5");
await take("adjacent", "#/role/DEI.GEN.P5", { prepare: (page) => page.locator(".map, svg[role=img]").first().scrollIntoViewIfNeeded() });
await take("browse", "#/browse/TEC/DEI");
await take("batch", "#/batch", {
  prepare: async (page) => {
    await page.getByLabel("Paste titles or a table").fill(list);
    await page.getByRole("button", { name: /^Code / }).click();
    await page.locator(".bench").waitFor();
  },
});
await take("docs", "docs");
await chrome.stop();
await service.stop();
