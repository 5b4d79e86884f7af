import assert from "node:assert/strict";
import { accessible, ask, shoot } from "./browser.mjs";
import { beside, journeys } from "./journey.mjs";

const journey = journeys();

const field = (page) => page.getByRole("combobox", { name: "Search everything" });
const option = (page, name) => page.getByRole("option", { name });
const group = (page, name) => page.getByRole("group", { name, exact: true });

/** Opens the palette by its key, wherever the cursor is. */
async function find(page, typed) {
  await page.keyboard.press("Control+k");
  await field(page).fill(typed);
}

journey("goes to accounts, templates, connectors, pages and transactions by keyboard alone", async (page, settings) => {
  await page.goto("/console/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await find(page, "page turn");
  await group(page, "Accounts").getByRole("option", { name: "Page Turner Books" }).waitFor();
  await accessible(page, "the palette");
  await shoot(page, "command");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/accounts\/page-turner-books/);

  await find(page, "templates");
  await group(page, "Go to").getByRole("option", { name: "Template Connectors" }).waitFor();
  await group(page, "Help").getByRole("option").first().waitFor();
  const first = await field(page).getAttribute("aria-activedescendant");
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await field(page).getAttribute("aria-activedescendant"), first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await field(page).getAttribute("aria-activedescendant"), first);
  await page.keyboard.press("Escape");
  await field(page).waitFor({ state: "hidden" });

  await find(page, "bookshelf");
  await group(page, "Connectors").getByRole("option", { name: "Bookshelf CRM" }).click();
  await page.getByRole("heading", { level: 1, name: "Bookshelf CRM" }).waitFor();

  const [transaction] = await ask(page, settings, "/v1.0/cycles/transactions?pageSize=1");
  await find(page, transaction.Id);
  await group(page, "Transactions").getByRole("option").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/transactions/${transaction.Id}`));

  await page.getByRole("button", { name: "Search" }).click();
  await group(page, "Recent").getByRole("option", { name: transaction.Id }).waitFor();
  assert.match(await group(page, "Recent").getByRole("option").nth(1).textContent(), /Bookshelf CRM/);
  await shoot(page, "command-recent");
});

journey("says that nothing was found, and that the search could not be made", async (page) => {
  await page.goto("/console/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await find(page, "qqzzxx");
  await page.getByText("Nothing matches “qqzzxx”.").waitFor();
  await accessible(page, "a palette that found nothing");
  await page.route("**/v1.0/accounts?*", (r) => r.fulfill({ status: 403, json: { Message: "Not for you." } }));
  await field(page).fill("qqzzxy");
  await page.getByText("The search could not be made.").waitFor();
});

journey(
  "finds only what one may see, on a phone in the dark",
  async (page) => {
    await page.route("**/console/session", async (r) => {
      const answer = await r.fetch();
      await r.fulfill({ response: answer, json: { ...(await answer.json()), Permissions: { Templates: "View" } } });
    });
    const asked = [];
    page.on("request", (r) => asked.push(new URL(r.url()).pathname));
    await page.goto("/console/templates");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await field(page).fill("connectors");
    await group(page, "Go to").getByRole("option", { name: "Template Connectors" }).waitFor();
    await group(page, "Help").getByRole("option").first().waitFor();
    assert.equal(await option(page, "Custom Connectors Connectors").count(), 0);
    assert.ok(!asked.includes("/v1.0/accounts"), "accounts were asked for");
    assert.equal(await beside(page), 0, "the palette is too wide");
    await accessible(page, "the palette on a phone");
    await shoot(page, "command-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);
