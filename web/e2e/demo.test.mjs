/** The demo as its console shows it; the pictures are those of the README. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, launch, noBrowser, open, signIn } from "./browser.mjs";
import { picture } from "./picture.mjs";
import { setDemo } from "./stage.mjs";

let demo;
let browser;
before(
  async () => {
    if (noBrowser) return;
    demo = await setDemo();
    browser = await launch();
  },
  { timeout: 120_000 },
);
after(async () => {
  await browser?.close();
  await demo?.close();
});

test("the demo can be looked at in the console", { timeout: 120_000, skip: noBrowser }, async () => {
  const { page, complaints } = await open(browser, demo, { width: 1280, height: 720 });
  await signIn(page, demo, `/console/accounts/${demo.account}/transactions`);
  const table = page.getByRole("table");
  await table.getByText("Completed").nth(7).waitFor();
  await page.getByText("Cycles running").waitFor();
  await picture(page, "account");

  const all = await ask(page, demo, "/v1.0/cycles/transactions?status=Completed");
  const subscribed = all.find((t) => t.TasksUsed === 2);
  assert.ok(subscribed, "no contact of the demo was subscribed");
  await page.goto(`/console/accounts/${demo.account}/cycles/${subscribed.CycleId}/transactions/${subscribed.Id}`);
  const path = page.getByRole("group", { name: "Path" });
  await path.getByRole("button", { name: /Subscribe/ }).click();
  await page.getByText("Bookshelf CRM").first().waitFor();
  await path.getByRole("img", { name: "Success" }).nth(2).waitFor();
  await picture(page, "transaction");
  assert.deepEqual(complaints, [], "the browser's console has complaints");
});
