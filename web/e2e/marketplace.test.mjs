import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, searched, send } from "./journey.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);
const example = join(import.meta.dirname, "..", "..", "examples", "templates", "new-contact.json");
const dialog = (page) => page.getByRole("dialog");

journey("makes a marketplace with a package, changes it and deletes it", async (page) => {
  const template = `Offered ${run}`;
  const file = JSON.parse(await readFile(example, "utf8"));
  await send(page, "POST", "/v1.0/templates/import", { ...file, Name: template });
  await page.goto("/console/marketplaces");
  await page.getByRole("button", { name: "New marketplace" }).click();
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await dialog(page).getByRole("alert").getByText("Name is required").waitFor();
  await accessible(page, "a new marketplace, refused");
  const name = `Store ${run}`;
  await dialog(page).getByLabel("Name").fill(name);
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.getByText("No packages yet").waitFor();

  await page.getByRole("button", { name: "New package" }).click();
  await dialog(page).getByLabel("Name").fill("Contacts");
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await dialog(page).getByText("at least one template is required").first().waitFor();
  await dialog(page).getByRole("combobox", { name: "Templates" }).fill(template);
  await page.getByRole("option", { name: template }).click();
  await page.getByRole("option").first().waitFor({ state: "hidden" });
  await accessible(page, "a new package");
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await page.getByRole("table", { name: "Packages" }).getByText(template).waitFor();
  await accessible(page, "a marketplace");
  await shoot(page, "marketplace");

  await page.getByRole("textbox", { name: "Name" }).fill(`${name} anew`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { level: 1, name: `${name} anew` }).waitFor();

  await page.getByRole("link", { name: "Show it in your product" }).click();
  await page.getByRole("region", { name: "On your server" }).getByText("MarketplaceId").waitFor();
  await accessible(page, "code to copy");
  await page.goto("/console/marketplaces");
  await searched(page, "Search marketplaces", `${run} ANEW`, page.getByRole("row", { name: `${name} anew` }));
  await accessible(page, "a search of marketplaces");
  await shoot(page, "marketplaces");
  await page.getByRole("link", { name: `${name} anew` }).click();
  await page.getByRole("heading", { level: 1, name: `${name} anew` }).waitFor();
  await page.getByRole("button", { name: `More for ${name} anew` }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog(page).getByText("Its package goes with it.").waitFor();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/marketplaces$/);
});

journey("gives the code of a deploy call, and opens the screen", async (page) => {
  await page.goto("/console/embedding");
  const code = page.getByRole("region", { name: "In a shell" });
  await code.getByText("/launch").waitFor();
  await page.getByRole("combobox", { name: "Account" }).fill("page turn");
  await page.getByRole("option", { name: "Page Turner Books" }).click();
  await code.getByText("/v1.0/accounts/page-turner-books/launch").waitFor();
  await accessible(page, "embedding");
  await shoot(page, "embedding");
  const [tab] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Open the screen" }).click(),
  ]);
  await tab.waitForURL(/\/launch/);
  await tab.close();
});

journey(
  "says that there are none, on a phone in the dark",
  async (page) => {
    const none = { json: [], headers: { "Total-Pages": "0", "Total-Records": "0" } };
    await page.route("**/v1.0/marketplaces?*", (r) => r.fulfill(none));
    await page.goto("/console/marketplaces");
    await page.getByText("No marketplaces yet").waitFor();
    assert.equal(await beside(page), 0, "the list is too wide");
    await accessible(page, "no marketplaces");
    await page.goto("/console/embedding");
    await page.getByRole("region", { name: "On your server" }).waitFor();
    assert.equal(await beside(page), 0, "the code is too wide");
    await accessible(page, "embedding on a phone");
    await shoot(page, "embedding-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);
