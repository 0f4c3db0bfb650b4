// Turns a binary or an address into a running service, and Chromium into pages that report everything that goes wrong in them.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Chromium phones home without these, and a closed network then slows everything down. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Starts `rolecall serve` on a free port, or takes the service at ROLECALL_URL. */
export async function startService(...extra) {
  if (process.env.ROLECALL_URL && extra.length === 0) return { url: new URL("/", process.env.ROLECALL_URL).href, stop: async () => {} };
  const binary = process.env.ROLECALL ?? "target/quick/rolecall";
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", ...extra], { stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  const url = await new Promise((found, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        const address = line.match(/127\.0\.0\.1:([1-9]\d*)/);
        if (address) found(`http://${address[0]}/`);
      });
    }
    child.on("error", failed);
    child.on("exit", (code) => failed(new Error(`rolecall serve ended with ${code}:\n${said.join("\n")}`)));
  });
  return { url, stop: async () => { child.kill("SIGTERM"); await once(child, "exit"); } };
}

/** Starts Chromium with an empty profile. */
export async function startBrowser() {
  const profile = await mkdtemp(join(tmpdir(), "rolecall-browser-"));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS, env: { ...process.env, HOME: profile } });
  return { browser, stop: async () => { await browser.close(); await rm(profile, { recursive: true, force: true }); } };
}

/** Opens a page at a hash; `page.faults` gathers errors, refused resources and requests to anywhere else. */
export async function open(browser, url, hash = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 860 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
  page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && page.faults.push(`console: ${message.text()}`));
  page.on("request", (request) => !request.url().startsWith(url) && !/^(data|blob):/.test(request.url()) && page.faults.push(`elsewhere: ${request.url()}`));
  await page.goto(url + hash);
  await page.locator("main :is(h1, h2)").first().waitFor({ state: "attached" });
  return page;
}

/** Serious and critical faults that axe-core finds, in a line each. */
export async function faultsOf(page) {
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const grave = violations.filter((found) => ["serious", "critical"].includes(found.impact));
  return {
    grave: grave.flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.target.join(" ")}: ${node.failureSummary?.split("\n")[1]?.trim()}`)),
    slight: violations.filter((found) => !grave.includes(found)).map((found) => `${found.id} (${found.impact}): ${found.nodes[0].target.join(" ")}`),
  };
}

/** Pixels that the page is wider than the window. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
