import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, send } from "./journey.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);
const example = join(import.meta.dirname, "..", "..", "examples", "templates", "new-contact.json");

const dialog = (page) => page.getByRole("dialog");
const said = (page, text) => page.getByRole("status").getByText(text).waitFor();
const rowOf = (page, name) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const choose = async (page, of, item) => {
  await page.getByRole("button", { name: `More for ${of}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
};
/** The same, the API's way: a live template of the example. */
async function made(page, name) {
  const file = JSON.parse(await readFile(example, "utf8"));
  return send(page, "POST", "/v1.0/templates/import", { ...file, Name: name });
}

journey("makes a template, builds it, promotes it and installs it in an account", async (page, { account }) => {
  const name = `Orders ${run}`;
  await page.goto("/console/templates");
  await page.getByRole("button", { name: "New template" }).click();
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await dialog(page).getByRole("alert").getByText("Name is required").waitFor();
  await accessible(page, "a new template, refused");
  await dialog(page).getByLabel("Name").fill(name);
  await dialog(page).getByRole("button", { name: "Create" }).click();

  await page.waitForURL(/\/templates\/[^/]+\/releases\/[^/]+$/);
  for (const tool of ["Annotation", "Annotation"]) {
    await page.getByRole("button", { name: tool, exact: true }).click();
  }
  await said(page, "Saved");
  const [, template, release] = page.url().match(/templates\/([^/]+)\/releases\/([^/?]+)/);
  const steps = async () => (await send(page, "GET", `/v1.0/templates/${template}/releases/${release}`)).Graph.Steps;
  for (const end = Date.now() + 15_000; (await steps()).length < 2; ) assert.ok(Date.now() < end, "not saved");
  await shoot(page, "template-builder");

  const way = page.getByRole("navigation", { name: "The way here" });
  await way.getByRole("link", { name }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await choose(page, "v1", "Promote");
  await dialog(page).getByLabel("Notes").fill("The first.");
  await accessible(page, "the dialog to promote");
  await shoot(page, "template-promote");
  await dialog(page).getByRole("button", { name: "Make it live" }).click();
  await said(page, "Version 1 is live");

  await page.getByRole("button", { name: "Install in an account" }).click();
  await dialog(page).getByRole("searchbox").fill(account);
  const { Name } = await send(page, "GET", `/v1.0/accounts/${account}`);
  await dialog(page).getByRole("radio", { name: Name, exact: true }).check();
  await accessible(page, "the dialog to install");
  await shoot(page, "template-install");
  await dialog(page).getByRole("button", { name: "Install", exact: true }).click();
  await page.waitForURL(`**/accounts/${account}/cycles`);
  await page.getByRole("table", { name: "Cycles" }).getByText(name).first().waitFor();
});
