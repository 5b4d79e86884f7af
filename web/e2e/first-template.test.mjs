/**
 * What docs/first-template.md has its reader do, step by step and with the same
 * words: who changes the one changes the other. Pictures of it are for that page.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, shoot, signIn } from "./browser.mjs";
import { journeys } from "./journey.mjs";
import { picture } from "./picture.mjs";
import { call, setStage } from "./stage.mjs";

let stage;
const journey = journeys({
  set: async () => {
    stage = await setStage({ bare: true });
    return stage;
  },
});

/** How long a newcomer may take; this here is done by a machine, and may take a part of it. */
const allowed = 600_000;

const name = "New CRM contact → mailing list";
const contact = { first_name: "Ada", last_name: "Lovelace", email: "Ada@Example.com", country: "gb", consent: true };
const stranger = { first_name: "Cem", last_name: "Yildiz", email: "cem@example.com", country: "tr", consent: false };

/** What is beside the navigation. */
const beside = { x: 232, y: 0, width: 1208, height: 744 };

const dialog = (page) => page.getByRole("dialog");
const button = (on, label) => on.getByRole("button", { name: label, exact: true });
const link = (on, label) => on.getByRole("link", { name: label, exact: true });
const navigation = (page) => page.getByRole("navigation", { name: "Main" });
const setup = (page) => page.getByRole("complementary", { name: "Step", exact: true });
const panel = (page) => page.getByRole("complementary", { name: "Design", exact: true });
const palette = (page) => page.getByRole("complementary", { name: "What can be added" });
const from = (page, field) => setup(page).getByLabel(`Where ${field} comes from`, { exact: true });
const text = (page, field) => setup(page).getByRole("textbox", { name: `Value of ${field}`, exact: true });

journey(
  "a newcomer's first template, from nothing to a subscriber",
  async (page) => {
    const began = Date.now();
    await signIn(page, stage);
    await newTemplate(page);
    await addSteps(page);
    await setVariable(page);
    await setDecision(page);
    await mapFields(page);
    await publish(page);
    await openAccount(page);
    await install(page);
    await authenticate(page, "Bookshelf CRM", stage.crm.url, { "API key": stage.crm.key });
    await authenticate(page, "Postbag", stage.mailing.url, {
      "User name": stage.mailing.user,
      Password: stage.mailing.password,
    });
    await start(page);
    await add(contact);
    await look(page);
    await add(stranger);
    await completed(page, 2);
    await subscribed();
    const took = Date.now() - began;
    process.stdout.write(`# from nothing to a subscriber in ${(took / 1000).toFixed(1)} s\n`);
    assert.ok(took < allowed);
  },
  { stranger: true, timeout: 180_000, width: 1440, height: 860 },
);

async function newTemplate(page) {
  await link(navigation(page), "Templates").click();
  await page.getByRole("link", { name: "Your first template" }).waitFor();
  await accessible(page, "an empty library");
  await shoot(page, "first-template-empty");
  await button(page, "New template").click();
  await dialog(page).getByLabel("Name").fill(name);
  await button(dialog(page), "Create").click();
  await page.getByRole("region", { name: "Steps" }).waitFor();
  await shoot(page, "first-template-builder");
}

/** Adds a method of a connector. */
async function addMethod(page, connector, method) {
  const search = palette(page).getByLabel("Find a tool or connector");
  await search.fill(connector);
  await button(palette(page), connector).click();
  await button(palette(page), method).click();
  await setup(page).getByRole("heading", { name: method }).waitFor();
  await search.fill("");
}

async function addSteps(page) {
  await addMethod(page, "Bookshelf CRM", "New Contact");
  await button(palette(page), "Decision").click();
  await setup(page).getByLabel("Name", { exact: true }).fill("Has consent?");
  await addMethod(page, "Postbag", "Add Subscriber");
  await setup(page).getByLabel("Name", { exact: true }).fill("Subscribe");
  await button(setup(page), "Close").click();
}

async function setVariable(page) {
  await button(panel(page), "Add a variable").click();
  await panel(page).getByLabel("Name", { exact: true }).fill("Mailing list");
  await panel(page).getByLabel("System name").fill("NewsletterList");
  await panel(page).getByLabel("Value", { exact: true }).fill("1");
  await panel(page).getByLabel("The customer may choose it").check();
}

async function setDecision(page) {
  await button(panel(page), "Has consent?").click();
  await button(setup(page), "Add a rule").click();
  const left = setup(page).getByRole("combobox", { name: "Value of Left", exact: true });
  await left.click();
  await page.getByRole("option", { name: /^consent/ }).click();
  await text(page, "Right").fill("true");
  await page.getByText("Has no criteria.").waitFor({ state: "detached" });
  await picture(page, "first-template-decision", { x: 1088, y: 92, width: 352, height: 660 });
}

async function mapFields(page) {
  await button(setup(page), "Close").click();
  await button(panel(page), "Subscribe").first().click();
  await from(page, "List").selectOption("Variable");
  await setup(page).getByLabel("Value of List", { exact: true }).selectOption("NewsletterList");
  await button(setup(page), "Show all 4").click();
  for (const [field, value] of [
    ["Email", "{{email | trim | lower}}"],
    ["Full name", "{{first_name}} {{last_name}}"],
    ["Country", "{{country | upper}}"],
    ["Source", "Bookshelf CRM"],
  ]) {
    await from(page, field).selectOption("StaticValue");
    await write(page, text(page, field), value);
  }
  await page.getByRole("status").filter({ hasText: "Saved" }).waitFor();
  await page
    .getByRole("img", { name: /to set up/ })
    .first()
    .waitFor({ state: "detached" });
  await picture(page, "first-template-builder", beside);
  await button(setup(page), "Close").click();
  await panel(page).getByText("Nothing is missing.").waitFor();
}

/** Types a text as a person does, who sees that fields are offered after the braces. */
async function write(page, field, value) {
  const begun = value.startsWith("{{");
  await field.fill(begun ? "{{" : value);
  if (!begun) return;
  await page
    .getByRole("option", { name: /^first_name/ })
    .first()
    .waitFor();
  await page.keyboard.type(value.slice(2));
}

async function publish(page) {
  await page.getByRole("navigation", { name: "The way here" }).getByRole("link", { name }).click();
  await button(page, "More for v1").click();
  await page.getByRole("menuitem", { name: "Promote" }).click();
  await button(dialog(page), "Make it live").click();
  await page.getByRole("status").getByText("Version 1 is live").waitFor();
  await page.getByRole("switch", { name: /^Published/ }).click({ force: true });
  await page.getByRole("status").getByText("is published").waitFor();
  const [, id] = page.url().match(/templates\/([^/?]+)/);
  assert.deepEqual(await designOf(page, id), await example(), "it is not the template of the demo");
}

async function openAccount(page) {
  await link(navigation(page), "Accounts").click();
  await button(page, "Add account").click();
  await dialog(page).getByLabel("Name").fill("Corner Books");
  await button(dialog(page), "Create account").click();
  await link(page, "Corner Books").click();
}
async function install(page) {
  await link(navigation(page), "Templates").click();
  await link(page, name).click();
  await button(page, "Install in an account").click();
  await dialog(page).getByRole("radio", { name: "Corner Books", exact: true }).check();
  await button(dialog(page), "Install").click();
  await page.getByText("Before it can start").waitFor();
  await page.getByRole("link", { name: "Connect: Connector Postbag" }).waitFor();
  await picture(page, "first-template-cycle", { ...beside, x: 272, width: 1128, height: 500 });
}

/** Gives a connector of the account its address and its credentials, and comes back to the cycle. */
async function authenticate(page, connector, address, credentials) {
  await page.getByRole("link", { name: `Connect: Connector ${connector}` }).click();
  // The page before has an address to copy, too.
  await page.getByRole("textbox", { name: "Address", exact: true }).fill(address);
  await button(page, "Save").click();
  await page.getByRole("status").getByText("Saved").waitFor();
  for (const [label, value] of Object.entries(credentials)) {
    await page.getByRole("form", { name: "Credentials" }).getByLabel(label).first().fill(value);
  }
  await shoot(page, `first-template-${connector}`);
  await button(page, "Authenticate").click();
  await page.getByRole("status").getByText(`${connector} is authenticated`).waitFor();
  await page.getByRole("region", { name: "Used by" }).getByRole("link", { name }).click();
}

async function start(page) {
  await page.getByText("Ready to start").waitFor();
  await button(page, "Start").click();
  await button(dialog(page), "Start cycle").click();
  await button(page, "Stop").waitFor();
}

/** Adds a contact to the CRM, as anybody who works there would. */
const add = (one) => call(`${stage.crm.url}/api/contacts`, { "X-Api-Key": stage.crm.key }, one);

/** Waits until so many transactions stand on the cycle's page as ended well. */
const completed = (page, count) =>
  page
    .getByRole("table", { name: "Last transactions" })
    .getByText("Completed")
    .nth(count - 1)
    .waitFor();

/** The transaction by its steps; and back to the cycle. */
async function look(page) {
  await completed(page, 1);
  await page.getByRole("table", { name: "Last transactions" }).getByRole("link").click();
  await page
    .getByRole("group", { name: "Path" })
    .getByRole("button", { name: /Subscribe/ })
    .click();
  await page.getByText("ada@example.com").first().waitFor();
  await page.getByRole("group", { name: "Path" }).getByRole("img", { name: "Success" }).nth(2).waitFor();
  await accessible(page, "the first transaction");
  await picture(page, "first-template-transaction", beside);
  await link(page.getByRole("navigation", { name: "The way here" }), name).click();
}

async function subscribed() {
  const { url, user, password } = stage.mailing;
  const basic = Buffer.from(`${user}:${password}`).toString("base64");
  const { subscribers } = await call(
    `${url}/lists/1/subscribers`,
    { Authorization: `Basic ${basic}` },
    undefined,
    "GET",
  );
  const facts = subscribers.map(({ email, full_name, country, source }) => ({ email, full_name, country, source }));
  assert.deepEqual(facts, [
    { email: "ada@example.com", full_name: "Ada Lovelace", country: "GB", source: "Bookshelf CRM" },
  ]);
}

/** The design of a template's live release, as its file has it. */
async function designOf(page, id) {
  const answer = await page.request.get(`/v1.0/templates/${id}/export`);
  assert.equal(answer.status(), 200, await answer.text());
  return plain(await answer.json());
}

async function example() {
  const file = join(import.meta.dirname, "..", "..", "examples", "templates", "new-contact.json");
  return plain(JSON.parse(await readFile(file, "utf8")));
}

/** A design without what differs from one maker to the next: steps and connectors are told by their names, and places left out. */
function plain({ Graph: { Steps, Edges, Variables, Connectors } }) {
  const names = new Map([...Steps.map((s) => [s.Id, s.Name]), ...Connectors.map((c) => [c.Ref, c.Name])]);
  const drop = new Set(["DisplayPositionLeft", "DisplayPositionTop"]);
  const told = (key, value) => (drop.has(key) || value === "" ? undefined : (names.get(value) ?? value));
  const edges = Edges.map(({ Id, ...edge }) => edge);
  return JSON.parse(JSON.stringify({ Steps, Edges: edges, Variables, Connectors }, told));
}
