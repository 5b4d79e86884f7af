import assert from "node:assert/strict";
import { accessible, shoot } from "./browser.mjs";
import { beside, escaped, journeys } from "./journey.mjs";

const journey = journeys();
const wide = { width: 1440, height: 900 };

/** The API, in the account. */
const within = (page, settings) => async (method, path, data) => {
  const answer = await page.request.fetch(`/v1.0${path}`, {
    method,
    data,
    headers: { "X-Cyclr-Account": settings.account },
  });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
};

const at = (settings, cycle) => `/console/accounts/${settings.account}/cycles/${cycle}/design`;
const steps = (page) => page.getByRole("region", { name: "Steps" });
const setup = (page) => page.getByRole("complementary", { name: "Step", exact: true });
const design = (page) => page.getByRole("complementary", { name: "Design", exact: true });
const node = (page, name) => page.locator(".react-flow__node", { hasText: name });

/** A cycle of the design of the one that there is, with ids of its own. */
async function copied(api) {
  const made = (await api("GET", "/cycles")).find((c) => c.TemplateId);
  return api("POST", `/cycles/${made.Id}/copy`, { Name: `Copy ${Date.now()}` });
}

/** Waits until what is kept of a cycle's design is as it should be. */
async function kept(api, cycle, holds) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((r) => setTimeout(r, 150))) {
    if (holds((await api("GET", `/cycles/${cycle.Id}/design`)).Graph)) return;
  }
  assert.fail("waited in vain for what was changed to be kept");
}

/** Has the page tell what it sends as a test: the browser does not tell of a body that is a stream. */
function overhear() {
  const send = globalThis.fetch;
  globalThis.fetch = (request) => {
    if (request.url?.endsWith("/teststep")) globalThis.heard = request.clone().json();
    return send(request);
  };
}

/** Tries the chosen step, for a contact that is not there, and for one that is; what came back is then offered to the next step. */
async function tried(page, api) {
  const [found] = await api("GET", "/account/connectors").then((all) => all.filter((c) => c.Name === "Bookshelf CRM"));
  const methods = await api("GET", `/account/connectors/${found.Id}/methods?pageSize=100`);
  const list = methods.find((m) => m.Name === "List Contacts");
  const contacts = await api("POST", `/account/connectors/${found.Id}/methods/${list.Id}`, {});
  const contact = JSON.stringify(contacts).match(/"id":\s*"?([^",}]+)/)[1];
  await setup(page).getByRole("button", { name: "Test this step" }).click();
  const dialog = page.getByRole("dialog", { name: "Test Get Contact" });
  const id = dialog.getByRole("textbox").first();
  await id.fill("999999");
  await dialog.getByRole("button", { name: "Call it" }).click();
  await dialog.getByRole("status").getByText(/404/).first().waitFor();
  await shoot(page, "step-test-error");
  await id.fill(contact);
  await dialog.getByLabel("Last successful run (UTC)").fill("2026-01-31T12:00");
  await page.evaluate(overhear);
  await dialog.getByRole("button", { name: "Call it" }).click();
  await dialog.getByRole("status").getByText("HTTP 200").waitFor();
  const { LastSuccessfulRunDate } = await page.evaluate(() => globalThis.heard);
  assert.equal(LastSuccessfulRunDate, "2026-01-31T12:00:00.000Z");
  await shoot(page, "step-test");
  await accessible(page, "the test of a step");
  await escaped(page, dialog);
}

journey(
  "a cycle is built in its account",
  async (page, settings) => {
    const api = within(page, settings);
    const cycle = await api("POST", "/cycles", { Name: "Built here" });
    await page.goto(at(settings, cycle.Id));
    await design(page).getByText("A cycle needs at least two steps.").waitFor();
    await shoot(page, "cycle-design-empty");
    await accessible(page, "the empty design of a cycle");

    await page.getByRole("button", { name: "Bookshelf CRM" }).click();
    await page.getByRole("button", { name: /^New Contact/ }).click();
    await setup(page)
      .getByRole("heading", { name: /New Contact/ })
      .waitFor();
    await page.getByRole("button", { name: /^Get Contact/ }).click();
    await setup(page)
      .getByText("Contact ID has no mapping.")
      .or(setup(page).getByText("ContactId has no mapping."))
      .waitFor();
    await shoot(page, "cycle-design-step");
    await tried(page, api);
    await setup(page).getByRole("button", { name: "Close" }).click();
    await design(page).getByLabel("Bookshelf CRM").waitFor();
    await shoot(page, "cycle-design");
    await accessible(page, "the design of a cycle");
    await kept(api, cycle, (g) => g.Steps.length === 2);
    const { Graph, AccountConnectors } = await api("GET", `/cycles/${cycle.Id}/design`);
    assert.equal(Graph.Steps.length, 2);
    assert.equal(AccountConnectors.length, 1, "what the account has is taken");
  },
  wide,
);

journey(
  "a cycle that runs can be looked at, and stopped to be changed",
  async (page, settings) => {
    const api = within(page, settings);
    const cycle = await copied(api);
    await api("PUT", `/cycles/${cycle.Id}/activate`, {});
    await page.goto(at(settings, cycle.Id));
    await page.getByText("The cycle is running. Stop it to change it.").waitFor();
    await node(page, "Subscribe").click();
    assert.equal(await setup(page).getByLabel("Name", { exact: true }).getAttribute("readonly"), "");
    await shoot(page, "cycle-design-running");
    await accessible(page, "the design of a running cycle");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Stop/ }).click();
    await page.getByRole("button", { name: "Start", exact: true }).waitFor();
    await setup(page).getByLabel("Name", { exact: true }).fill("Renamed");
    await kept(api, cycle, (g) => g.Steps.some((s) => s.Name === "Renamed"));

    await api("PUT", `/cycles/${cycle.Id}/activate`, {});
    await setup(page).getByLabel("Name", { exact: true }).fill("Too late");
    const changed = page.getByRole("dialog", { name: "Somebody else changed this design" });
    await changed.getByRole("button", { name: "Show it" }).click();
    await page.getByText("The cycle is running. Stop it to change it.").waitFor();
    await node(page, "Renamed").waitFor();
  },
  { ...wide, scheme: "dark" },
);

journey(
  "the design of a cycle on a phone, and of none",
  async (page, settings) => {
    const api = within(page, settings);
    const cycle = await copied(api);
    await page.goto(at(settings, cycle.Id));
    await steps(page).waitFor();
    await shoot(page, "cycle-design-phone");
    assert.equal(await beside(page), 0);
    await page.goto(at(settings, "00000000-0000-4000-8000-000000000000"));
    await page.getByText(/could not be found/).waitFor();
    await shoot(page, "cycle-design-gone");
    await accessible(page, "the design of no cycle");
  },
  { width: 390, height: 780 },
);

/** A cycle that lists the contacts, and gets each of them. */
async function timed(api) {
  const found = (await api("GET", "/account/connectors")).find((c) => c.Name === "Bookshelf CRM");
  const methods = await api("GET", `/account/connectors/${found.Id}/methods?pageSize=100`);
  const [list, get] = ["List Contacts", "Get Contact"].map((name) => methods.find((m) => m.Name === name));
  const now = String(Date.now()).slice(-9); // once: what names a step names it by the same
  const id = (n) => `00000000-0000-4000-8000-${now}00${n}`;
  const SourceField = list.ResponseFields.map((f) => f.ConnectorField).find((f) => /(^|\.)id$/.test(f));
  const step = (n, m, left, Parameters) => ({
    Id: id(n),
    Name: m.Name,
    ActionType: 1,
    Connector: "crm",
    Method: m.MethodUniqueIdentifier,
    DisplayPositionLeft: left,
    Parameters,
  });
  const from = { Target: "ContactId", MappingType: "StepOutput", SourceStepId: id(1), SourceField };
  return {
    Connectors: [{ Ref: "crm", Name: found.Connector.Name, Version: found.Connector.Version }],
    Steps: [step(1, list, 0), step(2, get, 260, [from])],
    Edges: [{ Id: id(3), HeadStepId: id(1), TailStepId: id(2), EdgeType: "Forward" }],
  };
}

journey(
  "a cycle is run once, and its way is lit",
  async (page, settings) => {
    const api = within(page, settings);
    const cycle = await api("POST", "/cycles", { Name: `Timed ${Date.now()}` });
    await api("PUT", `/cycles/${cycle.Id}/design`, { Graph: await timed(api) });
    await page.goto(at(settings, cycle.Id));
    await page.getByText("Nothing is missing.").waitFor();
    await page.getByRole("button", { name: "Run once" }).click();
    await node(page, "Get Contact").locator('[data-came="Success"]').waitFor({ timeout: 45_000 });
    await page.getByRole("link", { name: "Show the transaction" }).waitFor();
    await shoot(page, "cycle-design-run");
    await accessible(page, "a run that is watched");
    await page.getByRole("button", { name: "Run once" }).waitFor({ timeout: 45_000 });
  },
  wide,
);

journey(
  "a draft is run once in an account, without being installed",
  async (page, settings) => {
    const api = within(page, settings);
    const empty = await api("POST", "/accounts", { Name: `Empty ${Date.now()}` });
    const template = await api("POST", "/templates", { Name: `Tried ${Date.now()}` });
    const path = `/templates/${template.Id}/releases/${template.DraftReleaseId}`;
    await api("PUT", path, { Graph: await timed(api) });
    await page.goto(`/console${path}`);
    await page.getByText("Nothing is missing.").waitFor();
    await page.getByRole("button", { name: "Run once" }).click();
    const dialog = page.getByRole("dialog", { name: "Run once" });
    const run = dialog.getByRole("button", { name: "Run once" });
    const choose = async (name) => {
      await dialog.getByRole("combobox", { name: "Account" }).fill(name);
      await page.getByRole("option", { name }).click();
    };
    await choose(empty.Name);
    await run.click();
    await dialog.getByRole("link", { name: "Install: Connector Bookshelf CRM is not installed." }).waitFor();
    await shoot(page, "trial-lacks");
    await accessible(page, "what a run of a draft lacks");

    await choose("Page Turner Books");
    await dialog.getByText("Connector Bookshelf CRM is not installed.").waitFor({ state: "detached" });
    await run.click();
    await node(page, "Get Contact").locator('[data-came="Success"]').waitFor({ timeout: 45_000 });
    await page.getByRole("link", { name: "Show the transaction" }).waitFor();
    await page.getByRole("button", { name: "Run once" }).waitFor({ timeout: 45_000 });
    await shoot(page, "trial-run");
    await accessible(page, "a run of a draft");
    assert.deepEqual(await api("GET", `/templates/${template.Id}/cycles`), [], "it is installed");

    await page.getByRole("button", { name: "Delete the test" }).click();
    const deletion = page.getByRole("dialog", { name: "Delete the test" });
    await deletion.getByText("restored for 90 days").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Delete the test" }).and(page.locator(":focus")).click();
    await deletion.getByRole("button", { name: "Delete the test" }).click();
    await page.getByRole("button", { name: "Delete the test" }).waitFor({ state: "detached" });

    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 780 });
    await page.getByRole("button", { name: "Run once" }).click();
    await dialog.getByRole("combobox", { name: "Account" }).waitFor();
    assert.equal(await beside(page), 0);
    await accessible(page, "a run of a draft on a phone in the dark");
    await shoot(page, "trial-phone");
  },
  wide,
);
