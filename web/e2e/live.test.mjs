/** What others change is shown by itself: to a partner's people, and to an account's. */
import assert from "node:assert/strict";
import { journeys } from "./journey.mjs";
import { call } from "./stage.mjs";

const journey = journeys();
const now = Date.now();
const password = "a long enough password";

/** What somebody does elsewhere; in an account, if that is said. */
async function elsewhere(page, method, path, data, account) {
  const headers = account && { "X-Cyclr-Account": account };
  const answer = await page.request.fetch(path, { method, data, headers });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.body()).length ? answer.json() : undefined;
}

/** The rows of a table that have a text. */
const rows = (page, table, text) => page.getByRole("table", { name: table }).getByRole("row").filter({ hasText: text });

journey("shows what others make, change and delete", async (page, { account }) => {
  const Id = `live-${now}`;
  await page.goto("/console/accounts");
  await page.getByRole("table", { name: "Accounts" }).getByRole("link").first().waitFor();
  await elsewhere(page, "POST", "/v1.0/accounts", { Id, Name: `Live ${now}` });
  await rows(page, "Accounts", `Live ${now}`).waitFor();
  await elsewhere(page, "PUT", `/v1.0/accounts/${Id}`, { Name: `Renamed ${now}` });
  await rows(page, "Accounts", `Renamed ${now}`).waitFor();
  await elsewhere(page, "DELETE", `/v1.0/accounts/${Id}`);
  await rows(page, "Accounts", `Renamed ${now}`).waitFor({ state: "detached" });

  await page.goto(`/console/accounts/${account}/cycles`);
  await rows(page, "Cycles", "New CRM contact").first().waitFor();
  const made = await elsewhere(page, "POST", "/v1.0/cycles", { Name: `Elsewhere ${now}` }, account);
  await rows(page, "Cycles", `Elsewhere ${now}`).waitFor();
  await elsewhere(page, "DELETE", `/v1.0/cycles/${made.Id}`, undefined, account);
  await rows(page, "Cycles", `Elsewhere ${now}`).waitFor({ state: "detached" });

  await page.getByRole("link", { name: "Connectors" }).last().click();
  const [installed] = await elsewhere(page, "GET", "/v1.0/account/connectors", undefined, account);
  await rows(page, "Connectors", installed.Name).first().waitFor();
  const connector = `/v1.0/account/connectors/${installed.Id}`;
  await elsewhere(page, "PUT", connector, { Name: `Ours ${now}` }, account);
  await rows(page, "Connectors", `Ours ${now}`).waitFor();
  await elsewhere(page, "PUT", connector, { Name: installed.Name }, account);

  await page.goto("/console/templates");
  await page.getByRole("button", { name: "New template" }).first().waitFor();
  const template = await elsewhere(page, "POST", "/v1.0/templates", { Name: `Fresh ${now}` });
  await page.getByText(`Fresh ${now}`).first().waitFor();
  await elsewhere(page, "DELETE", `/v1.0/templates/${template.Id}`);
  await page.getByText(`Fresh ${now}`).first().waitFor({ state: "detached" });

  await page.goto("/console/settings/users");
  await page.getByText("sam@acme.example").first().waitFor();
  const email = `live-${now}@acme.example`;
  await elsewhere(page, "POST", "/v1.0/consoleusers", { Email: email, Permissions: { Reports: "View" } });
  await page.getByText(email).first().waitFor();
});

journey("shows what an account does by itself", async (page, { account, crm }) => {
  if (!crm) return; // the applications are somebody else's
  const cycles = await elsewhere(page, "GET", "/v1.0/cycles", undefined, account);
  const cycle = cycles.find((c) => c.Status === "Running");
  await page.goto(`/console/accounts/${account}/cycles/${cycle.Id}`);
  const runs = page.getByRole("region", { name: "Last transactions" }).getByRole("row");
  await runs.nth(1).waitFor();
  const before = await runs.count();
  const contact = { first_name: "Eve", last_name: "Lind", email: `eve-${now}@example.com`, consent: true };
  await call(`${crm.url}/api/contacts`, { "X-Api-Key": crm.key }, contact);
  await runs.nth(before).waitFor();
});

journey("leaves alone what is being entered", async (page) => {
  const Id = `entered-${now}`;
  await elsewhere(page, "POST", "/v1.0/accounts", { Id, Name: "Entered" });
  await page.goto(`/console/accounts/${Id}/settings`);
  const description = page.getByLabel("Description");
  const name = page.locator("input[name=Name]");
  await description.fill("Mine");
  await elsewhere(page, "PUT", `/v1.0/accounts/${Id}`, { Name: "Theirs", Description: "Theirs" });
  const told = page.waitForRequest((r) => r.url().endsWith(`/v1.0/accounts/${Id}`), { timeout: 4_000 });
  await assert.rejects(told, "it is asked for while something is entered");
  assert.equal(await description.inputValue(), "Mine");
  assert.equal(await name.inputValue(), "Entered");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.waitForFunction(() => document.querySelector("textarea[name=Description]")?.value === "Theirs");
  assert.equal(await name.inputValue(), "Theirs");
});

journey("shows an account's own people what others change", async (page, { account, url }) => {
  const Username = `live-${now}@page-turner.example`;
  await elsewhere(page, "PUT", `/v1.0/accounts/${account}/users`, { Username, Password: password });
  const context = await page.context().browser().newContext({ baseURL: url });
  const own = await context.newPage();
  await own.goto("/account");
  await own.getByLabel("User name or email").fill(Username);
  await own.getByLabel("Password").fill(password);
  await own.getByRole("button", { name: "Sign in", exact: true }).click();
  await rows(own, "Cycles", "New CRM contact").first().waitFor();
  const made = await elsewhere(page, "POST", "/v1.0/cycles", { Name: `Partner's ${now}` }, account);
  await rows(own, "Cycles", `Partner's ${now}`).waitFor();
  await elsewhere(page, "DELETE", `/v1.0/cycles/${made.Id}`, undefined, account);
  await rows(own, "Cycles", `Partner's ${now}`).waitFor({ state: "detached" });
  await context.close();
});
