/** Journeys of one file: a stage, a browser and a session for all of them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, launch, noBrowser, open, shoot, signIn, stage } from "./browser.mjs";

/**
 * Sets the stage, and gives what makes a test of a walk: in a window of its own, signed in, which must not
 * complain. A file may set another stage, put something on it first, enter windows in another way, and hold
 * each walk to more. A walk may be a stranger's, who is not signed in, and expect complaints.
 */
export function journeys({ set = stage, first, enter = signedIn(), last } = {}) {
  let settings;
  let browser;
  before(
    async () => {
      if (noBrowser) return;
      settings = await set();
      browser = await launch();
      await first?.(browser, settings);
    },
    { timeout: 120_000 },
  );
  after(async () => {
    await browser?.close();
    await settings?.close();
  });
  return function journey(name, walk, { stranger, expected, timeout = 120_000, ...options } = {}) {
    test(name, { timeout, skip: noBrowser }, async () => {
      const view = await open(browser, settings, options);
      const { context, page, complaints } = view;
      try {
        if (!stranger) await enter(view, settings);
        await walk(page, settings, browser);
        const unexpected = complaints.filter((c) => !expected?.test(c));
        assert.deepEqual(unexpected, [], "the browser's console has complaints");
        await last?.(view, settings);
      } catch (e) {
        await shoot(page, `failed ${name}`);
        throw e;
      } finally {
        await context.close();
      }
    });
  };
}

/** Signs in, by one session for all: the server bounds how often one may sign in. */
export function signedIn() {
  let session;
  return async ({ context, page }, settings) => {
    if (session) await context.addCookies(session);
    else await signIn(page, settings);
    session ??= await context.cookies();
  };
}

/** What the API answers to who is signed in. */
export async function send(page, method, path, data) {
  const answer = await page.request.fetch(path, { method, data });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.body()).length ? answer.json() : undefined;
}

/** Holds what is on screen to a phone in the dark, too, and puts the window back. */
export async function smallAndDark(page, where) {
  const size = page.viewportSize();
  const turn = async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor(); // it hears of it later
  };
  await turn("dark");
  await page.setViewportSize({ width: 360, height: 740 });
  assert.equal(await beside(page), 0, `${where} is wider than a phone`);
  await accessible(page, `${where} on a phone in the dark`);
  await shoot(page, `${where} small and dark`);
  await turn("light");
  await page.setViewportSize(size);
}

/** Searches a list for what is in none of its rows, and then for what is in one, which is kept in the address. */
export async function searched(page, label, text, row) {
  const field = page.getByRole("searchbox", { name: label });
  await field.fill("nothing is called this");
  await page.getByText("Nothing matches these filters").waitFor();
  await field.fill(text);
  await row.waitFor();
  await page.reload();
  await row.waitFor();
  assert.equal(await field.inputValue(), text);
  assert.equal(await page.getByRole("row").count(), 2, "the head and one row are left");
}

/** Closes a window that something was entered in, by the keyboard alone. */
export async function escaped(page, dialog) {
  await page.keyboard.press("Escape");
  await dialog.getByRole("alert").getByText("Press Escape again").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
}

/** How many pixels of the page are beside a narrow screen. */
export const beside = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
