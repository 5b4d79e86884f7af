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
  await page.waitForURL(`**/accounts/${account}/cycles/*`);
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.goto(`/console/templates?query=${encodeURIComponent(name)}`);
  await page.getByRole("row").filter({ hasText: name }).getByRole("cell", { name: "1", exact: true }).waitFor();
});

journey("sorts into folders, tags, publishes, exports, deletes and restores", async (page) => {
  const name = `Contacts ${run}`;
  const folder = `CRM ${run}`;
  const { Id } = await made(page, name);
  await page.goto("/console/templates");
  await page.getByRole("button", { name: "New folder" }).click();
  await dialog(page).getByLabel("Name").fill(folder);
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await page.getByText("Nothing in this folder").waitFor();
  await page.waitForURL(/folder=/);
  await accessible(page, "an empty folder");
  await shoot(page, "template-empty");

  const folders = page.getByRole("navigation", { name: "Folders" });
  await folders.getByRole("link", { name: "All templates" }).click();
  await page.getByRole("searchbox", { name: "Search templates" }).fill(name);
  await page.waitForURL(/query=/);
  await choose(page, name, "Rename, tag or move");
  await dialog(page).getByLabel("Folder").selectOption({ label: folder });
  await dialog(page).getByLabel("Tags").fill(`tag ${run}`);
  await page.keyboard.press("Enter");
  await accessible(page, "the dialog to change a template");
  await shoot(page, "template-change");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await said(page, "Saved");
  await folders.getByRole("link", { name: folder }).click();
  await rowOf(page, name)
    .getByRole("button", { name: `Only with the tag tag ${run}` })
    .click();
  await page.waitForURL(/tag=/);

  await rowOf(page, name).getByRole("switch").click({ force: true });
  await said(page, "is not published any more");
  assert.equal((await send(page, "GET", `/v1.0/templates/${Id}`)).Published, false);
  await page.getByRole("searchbox").click();
  await page.getByRole("tooltip").waitFor({ state: "detached" });
  await accessible(page, "the library");
  await shoot(page, "template-folder");

  const coming = page.waitForEvent("download");
  await choose(page, name, "Export as file");
  const file = await coming;
  assert.equal(file.suggestedFilename(), `Contacts-${run}.json`);
  assert.equal(JSON.parse(await readFile(await file.path(), "utf8")).Name, name);

  await choose(page, name, "Delete");
  await dialog(page).getByText("No cycle was made of it.").waitFor();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await said(page, "is in the recycle bin");
  await folders.getByRole("link", { name: "Recycle bin" }).click();
  await page.getByRole("button", { name: `Restore ${name}` }).waitFor();
  await accessible(page, "the recycle bin");
  await shoot(page, "template-bin");
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  await said(page, "is back in the library");

  await folders.getByRole("link", { name: folder }).click();
  await choose(page, folder, "Delete folder");
  await dialog(page).getByText("1 template, 0 folders").waitFor();
  await dialog(page).getByRole("button", { name: "Delete folder" }).click();
  await said(page, "is deleted");
  assert.equal((await send(page, "GET", `/v1.0/templates/${Id}`)).FolderId, null);
});

journey("imports a file, and says what is wrong with one", async (page) => {
  const name = `Imported ${run}`;
  const file = (json) => ({ name: "template.json", mimeType: "application/json", buffer: Buffer.from(json) });
  await page.goto("/console/templates");
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await dialog(page).getByRole("button", { name: "Import", exact: true }).click();
  await dialog(page).getByText("Choose a file first.").waitFor();
  await dialog(page).locator("input[type=file]").setInputFiles(file('{"Nmae":"x"}'));
  await dialog(page).getByRole("button", { name: "Import", exact: true }).click();
  await dialog(page).getByRole("alert").getByText("a template file has no such property").waitFor();
  await accessible(page, "a refused file");
  await shoot(page, "template-import");
  const right = { ...JSON.parse(await readFile(example, "utf8")), Name: name };
  await dialog(page)
    .locator("input[type=file]")
    .setInputFiles(file(JSON.stringify(right)));
  await dialog(page).getByRole("button", { name: "Import", exact: true }).click();
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.getByRole("table", { name: "Releases" }).getByText("Draft").waitFor();
});

journey("changes a template, and takes a draft from its beginning to its end", async (page) => {
  const name = `Releases ${run}`;
  const { Id } = await made(page, name);
  await page.goto(`/console/templates/${Id}`);
  await page.getByLabel("Name").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").getByText("Name is required").waitFor();
  await page.getByLabel("Name").fill(`${name} anew`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: `${name} anew`, level: 1 }).waitFor();

  await page.getByRole("button", { name: "Begin a draft" }).click();
  await page.waitForURL(/\/releases\/[^/]+$/);
  await page.getByRole("navigation", { name: "The way here" }).getByRole("link", { name }).click();
  await choose(page, "v2", "Edit notes");
  await dialog(page).getByLabel("Notes").fill("Asks for consent.");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await page.getByRole("table", { name: "Releases" }).getByText("Asks for consent.").waitFor();
  await accessible(page, "a template");
  await shoot(page, "template");
  await choose(page, "v2", "Discard draft");
  await accessible(page, "the dialog to discard a draft");
  await dialog(page).getByRole("button", { name: "Discard draft" }).click();
  await said(page, "The draft 2 is discarded");
  await page.getByRole("button", { name: "Begin a draft" }).waitFor();

  await choose(page, "v1", "Copy to a new template");
  await dialog(page).getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("heading", { name: `Copy of ${name} anew`, level: 1 }).waitFor();
});

journey("offers a release to another partner, and refuses a code that is none", async (page) => {
  const { Id } = await made(page, `Passed on ${run}`);
  await page.goto(`/console/templates/${Id}`);
  await choose(page, "v1", "Offer to another partner");
  await dialog(page).getByRole("button", { name: "Make a code" }).click();
  await dialog(page).getByText("It is not shown again.").waitFor();
  await accessible(page, "a code");
  await shoot(page, "template-offer");
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await choose(page, "v1", "Offer to another partner");
  await dialog(page).getByRole("button", { name: "Take all codes back" }).click();
  await said(page, "All codes of version 1 are worthless");

  await page.goto("/console/templates");
  await page.getByRole("button", { name: "Accept an offer" }).click();
  await dialog(page).getByLabel("Code").fill("nothing of the kind");
  await dialog(page).getByRole("button", { name: "Accept an offer" }).click();
  await dialog(page).getByRole("alert").first().waitFor();
  await accessible(page, "a refused code");
});

journey("says that there is no template yet, and that the library could not be loaded", async (page) => {
  const none = { json: [], headers: { "Total-Pages": "0", "Total-Records": "0" } };
  await page.route("**/v1.0/templates?*", (r) => r.fulfill(none));
  await page.goto("/console/templates");
  await page.getByText("No templates yet").waitFor();
  await accessible(page, "the library without templates");
  await page.unroute("**/v1.0/templates?*");
  await page.route("**/v1.0/templates?*", (r) => r.fulfill({ status: 403, json: { Message: "Not for you." } }));
  await page.reload();
  await page.getByText("Not for you.").waitFor();
  await page.unroute("**/v1.0/templates?*");
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("table", { name: "Templates" }).waitFor();
  await page.goto("/console/templates/6d0e2b1c-3a55-4f0e-9a3e-2f1d6f3f8b01");
  await page.getByText("There is nothing here").waitFor();
});

journey(
  "fits a phone, in the dark",
  async (page) => {
    const { Id } = await made(page, `Phone ${run}`);
    await page.goto("/console/templates");
    await page.getByRole("table", { name: "Templates" }).getByRole("link").first().waitFor();
    assert.equal(await beside(page), 0, "the library is too wide");
    await accessible(page, "the library on a phone");
    await shoot(page, "template-phone");
    await page.goto(`/console/templates/${Id}`);
    await page.getByRole("table", { name: "Releases" }).getByRole("link").first().waitFor();
    assert.equal(await beside(page), 0, "the template is too wide");
    await accessible(page, "a template on a phone");
    await shoot(page, "template-page-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);

journey("shows who may only look nothing else to do", async (page) => {
  const name = `Looked at ${run}`;
  const { Id } = await made(page, name);
  await page.route("**/console/session", async (r) => {
    const answer = await r.fetch();
    const session = await answer.json();
    await r.fulfill({ response: answer, json: { ...session, Permissions: { Templates: "View" } } });
  });
  await page.goto("/console/templates");
  await rowOf(page, name)
    .getByRole("button", { name: `More for ${name}`, exact: true })
    .click();
  assert.deepEqual(await page.getByRole("menuitem").allTextContents(), ["Export as file"]);
  await page.keyboard.press("Escape");
  assert.ok(await rowOf(page, name).getByRole("switch").isDisabled());
  for (const act of ["New template", "Import", "New folder"]) {
    assert.equal(await page.getByRole("button", { name: act, exact: true }).count(), 0, act);
  }
  await page.goto(`/console/templates/${Id}`);
  await page.getByRole("button", { name: "More for v1", exact: true }).click();
  assert.deepEqual(await page.getByRole("menuitem").allTextContents(), ["Look at the design", "Export as file"]);
  await page.keyboard.press("Escape");
  await page.getByText("mailing", { exact: true }).waitFor();
  for (const act of ["Save", "Begin a draft", "Install in an account"]) {
    assert.equal(await page.getByRole("button", { name: act, exact: true }).count(), 0, act);
  }
  await accessible(page, "a template to look at");
});
