/** The demo as its console shows it; the pictures are those of the README. */
import assert from "node:assert/strict";
import { ask } from "./browser.mjs";
import { journeys } from "./journey.mjs";
import { picture } from "./picture.mjs";
import { setDemo } from "./stage.mjs";

const journey = journeys({ set: setDemo });

journey(
  "the demo can be looked at in the console",
  async (page, demo) => {
    await page.goto(`/console/accounts/${demo.account}/transactions`);
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
  },
  { width: 1280, height: 720 },
);
