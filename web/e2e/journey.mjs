/** Journeys of one file: a stage, a browser and a session for all of them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, noBrowser, open, shoot, signIn, stage } from "./browser.mjs";

/** Sets the stage, and gives what makes a test of a walk: in a window of its own, signed in, which must not complain. */
export function journeys() {
  let settings;
  let browser;
  let session;
  before(
    async () => {
      if (noBrowser) return;
      settings = await stage();
      browser = await launch();
    },
    { timeout: 120_000 },
  );
  after(async () => {
    await browser?.close();
    await settings?.close();
  });
  return function journey(name, walk, options) {
    test(name, { timeout: 120_000, skip: noBrowser }, async () => {
      const { context, page, complaints } = await open(browser, settings, options);
      try {
        // One session for all: the server bounds how often one may sign in.
        if (session) await context.addCookies(session);
        else await signIn(page, settings);
        session ??= await context.cookies();
        await walk(page, settings);
        assert.deepEqual(complaints, [], "the browser's console has complaints");
      } catch (e) {
        await shoot(page, `failed ${name}`);
        throw e;
      } finally {
        await context.close();
      }
    });
  };
}

/** What the API answers to who is signed in. */
export async function send(page, method, path, data) {
  const answer = await page.request.fetch(path, { method, data });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.body()).length ? answer.json() : undefined;
}

/** How many pixels of the page are beside a narrow screen. */
export const beside = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
