/**
 * A real Chromium on a running Tandem: on one that it starts itself (stage.mjs),
 * or on the one that the environment names:
 *
 *   TANDEM_URL       base address, such as http://127.0.0.1:8080
 *   TANDEM_EMAIL     a console user's email and
 *   TANDEM_PASSWORD  password
 *   TANDEM_ACCOUNT   API ID of an account with a sub-account, a running cycle,
 *                    an installed connector and a transaction that has ended
 *   CHROMIUM         the browser (/usr/bin/chromium)
 *   TANDEM_SHOTS     a folder for pictures of every screen (none are taken)
 *   TANDEM_DOCS_SHOTS=1  takes the manual's pictures anew (picture.mjs)
 *
 * Without a browser the journeys are skipped, unless TANDEM_REQUIRE_ALL=1.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { setStage } from "./stage.mjs";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; see e2e/browser.mjs`);
  return value;
}

const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";

/** Why there is nothing to test with; false when there is. */
export const noBrowser = !existsSync(executablePath) && process.env.TANDEM_REQUIRE_ALL !== "1" && "no browser";

/** Where the journeys take place; close() when they are over. */
export async function stage() {
  if (!process.env.TANDEM_URL) return setStage();
  return {
    url: needed("TANDEM_URL").replace(/\/$/, ""),
    email: needed("TANDEM_EMAIL"),
    password: needed("TANDEM_PASSWORD"),
    account: needed("TANDEM_ACCOUNT"),
    close: async () => {},
  };
}

/** Each wait's limit; the whole run has its own from whoever starts it. */
const patience = 15_000;

export function launch() {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A window of its own, what its console complained about, and what it asked of the API. */
export async function open(browser, settings, { width = 1280, height = 800, scheme = "light" } = {}) {
  const context = await browser.newContext({
    baseURL: settings.url,
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const complaints = [];
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("console", (m) => {
    // The browser itself reports every refused request; those are asked about.
    if (m.type() === "error" && !m.text().startsWith("Failed to load resource")) complaints.push(m.text());
  });
  const requests = [];
  page.on("request", (r) => {
    const path = new URL(r.url()).pathname;
    if (path.startsWith("/v1.0/")) requests.push({ method: r.method(), path });
  });
  return { context, page, complaints, requests };
}

export async function signIn(page, settings, to = "/console/") {
  await page.goto(to);
  await page.getByLabel("Email").fill(settings.email);
  await page.getByLabel("Password", { exact: true }).fill(settings.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  await page.getByRole("main").waitFor();
}

/** Holds what is on screen to WCAG 2.2 AA, as far as a machine can. */
export async function accessible(page, where) {
  // Evaluated by the browser's own protocol: the page's policy allows no scripts of others.
  await page.evaluate(await axeSource());
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const faults = found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html).join("\n  ")}`);
  assert.deepEqual(faults, [], `${where} is not accessible`);
}

let source;
async function axeSource() {
  source ??= await readFile(axePath, "utf8");
  return source;
}

/** What the API says to who is signed in. */
export async function ask(page, settings, path) {
  const answer = await page.request.get(path, { headers: { "X-Cyclr-Account": settings.account } });
  assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  return answer.json();
}

export async function shoot(page, name) {
  if (!process.env.TANDEM_SHOTS) return;
  await mkdir(process.env.TANDEM_SHOTS, { recursive: true });
  await page.screenshot({ path: join(process.env.TANDEM_SHOTS, `${name}.png`) });
}
