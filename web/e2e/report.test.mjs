/** The dashboard and the reports, of what the stage's integration has used and of a run that fails. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessible, ask, shoot } from "./browser.mjs";
import { beside, journeys, send } from "./journey.mjs";
import { picture } from "./picture.mjs";

const journey = journeys();
const inAccount = (settings) => ({ "X-Cyclr-Account": settings.account });

/** Has the first run again, with a key that the mailing service refuses, and waits for its end. */
async function failOnce(page, settings) {
  const headers = inAccount(settings);
  const call = async (method, path, data) => {
    const answer = await page.request.fetch(path, { method, headers, data });
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.body()).length ? answer.json() : undefined;
  };
  const connectors = await ask(page, settings, "/v1.0/account/connectors");
  const postbag = connectors.find((c) => c.Connector.Name === "Postbag");
  const [run] = await ask(
    page,
    settings,
    "/v1.0/cycles/transactions?sortOrderAsc=true&orderBy=CreatedOnUtc&pageSize=1",
  );
  await call("PUT", `/v1.0/account/connectors/${postbag.Id}`, {
    AuthValue: Buffer.from("acme:wrong").toString("base64"),
  });
  await call("POST", `/v1.0/transactions/${run.Id}/retry`);
  for (const end = Date.now() + 30_000; ; await new Promise((r) => setTimeout(r, 200))) {
    const failed = await ask(page, settings, "/v1.0/cycles/transactions?status=Failed");
    if (failed.length > 0) return;
    assert.ok(Date.now() < end, "the run did not fail");
  }
}

/** The rows of a table, each as its cells' texts. */
const rows = (page, name) =>
  page
    .getByRole("table", { name, exact: true })
    .locator("tbody tr")
    .evaluateAll((all) => all.map((r) => [...r.cells].map((c) => c.textContent.trim())));

journey("the dashboard shows what is used and what fails, and leads there", async (page, settings) => {
  await send(page, "PUT", "/v1.0/settings", { Task: { Allowance: 10 } });
  await failOnce(page, settings);
  await page.goto("/console/");
  await page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
  await page.getByRole("progressbar", { name: /of the allowance is used/ }).waitFor();
  await page.getByRole("figure").first().locator("canvas").waitFor();
  const failing = page.getByRole("region", { name: "Accounts with failing cycles" });
  await failing.getByRole("link", { name: "Page Turner Books" }).waitFor();
  await page
    .getByRole("region", { name: "Noisiest connectors, this week" })
    .getByRole("link", { name: "Postbag" })
    .waitFor();
  await page.getByRole("region", { name: "Slowest connectors, this week" }).getByRole("link").first().waitFor();
  await page
    .getByRole("region", { name: "Recent changes" })
    .getByRole("link", { name: "Update settings" })
    .first()
    .waitFor();
  await page.getByText("No third party is asking for a rest.").waitFor();
  await accessible(page, "the dashboard");
  await shoot(page, "dashboard");

  await page.getByText("As a table").first().click();
  const today = new Date().toISOString().slice(0, 10);
  const figures = (await rows(page, "Runs")).find(([day]) => day === today);
  assert.ok(Number(figures[1]) >= 3 && Number(figures[2]) >= 1, `today is ${figures}`);

  await failing.getByRole("listitem").getByRole("link").nth(1).click();
  await page.waitForURL(/transactions\?.*status=Failed/);
});

journey(
  "tasks by day are drawn, narrowed by account in the address, and downloaded as they are shown",
  async (page) => {
    await page.goto("/console/reports");
    await page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Page Turner Books" }).waitFor();
    await accessible(page, "the report of accounts");
    await shoot(page, "report-accounts");

    await page.getByRole("link", { name: "Tasks by day" }).click();
    await page.locator("canvas").waitFor();
    const choice = page
      .getByRole("textbox", { name: "Account" })
      .or(page.getByRole("combobox", { name: "Account" }))
      .first();
    await choice.fill("page");
    await page.getByRole("option", { name: "Page Turner Books" }).click();
    await page.waitForURL(/account=page-turner-books/);
    const today = new Date().toISOString().slice(0, 10);
    await page.getByLabel("From").fill(today);
    await page.waitForURL(new RegExp(`from=${today}`));
    await page.getByRole("row", { name: today }).first().waitFor();
    await accessible(page, "tasks by day");
    await shoot(page, "report-days");

    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download CSV" }).click(),
    ]);
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
    assert.equal(lines[0], "Day,TasksUsed,SuccessfulTasks,IncidentTasks");
    assert.ok(
      lines.some((l) => l.startsWith(`${today},`)),
      lines.join("\n"),
    );
  },
);

/** Looks at a report that has rows. */
async function shown(page, name) {
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  const table = page.getByRole("table", { name, exact: true }).last();
  await table.locator("tbody tr:not([aria-hidden])").first().waitFor();
  // They are made of the same parts: one of a kind is looked at closely.
  if (["Transactions", "Runs by day", "API log", "Webhook log"].includes(name)) await accessible(page, name);
  await shoot(page, `report-${name}`);
}

journey("each report shows its table, or says that there is nothing", async (page, settings) => {
  const account = `account=${settings.account}`;
  for (const [name, address] of [
    ["Transactions", `transactions?${account}`],
    ["Incidents", `incidents?${account}`],
    ["Billing periods", `periods?${account}`],
    ["Webhook log", `webhooks?${account}`],
  ]) {
    await page.goto(`/console/reports/${address}`);
    await shown(page, name);
  }
  for (const name of ["Cycles", "Connector methods", "Runs by day", "Runs by cycle", "API log"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
    await shown(page, name);
  }
  await page.goto("/console/reports/notices");
  await page.getByText("Nothing to report yet").waitFor();
  await page.goto("/console/reports/audit?action=updateSettings");
  await page.waitForURL(/settings\/audit\?action=updateSettings/);
  await page.goto("/console/reports/webhooks");
  await page.getByRole("heading", { name: "Choose an account" }).waitFor();
  await page.goto("/console/reports/salaries");
  await page.getByRole("heading", { name: "There is nothing here" }).waitFor();
});

journey("transactions, incidents and billing periods of all accounts are in one list each", async (page) => {
  await page.goto("/console/reports/periods");
  await page.getByRole("table", { name: "Billing periods" }).getByRole("link", { name: "Page Turner Books" }).waitFor();
  await page.goto("/console/reports/incidents");
  await page.getByRole("table", { name: "Incidents" }).getByText("Page Turner Books").first().waitFor();
  await shoot(page, "report-incidents-of-all");
  await page.goto("/console/reports/transactions?status=Failed");
  const table = page.getByRole("table", { name: "Transactions" });
  await table.getByText("Page Turner Books").first().waitFor();
  await accessible(page, "transactions of all accounts");
  await shoot(page, "report-transactions-of-all");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  assert.ok(lines[0].startsWith("AccountId,AccountName,Id,CycleId,"), lines[0]);
  assert.ok(lines.length > 1 && lines.slice(1).every((l) => l.includes(",Failed,")), lines.join("\n"));
  await table.locator("tbody").getByRole("link").first().click();
  await page.waitForURL(/accounts\/[^/]+\/cycles\/[^/]+\/transactions\//);
});

journey("a refused webhook is found in its log, and a call in that of the API", async (page, settings) => {
  const refused = `/v1.0/account/logs/webhooks?status=405`;
  const [cycle] = await ask(page, settings, "/v1.0/cycles");
  const steps = await ask(page, settings, `/v1.0/cycles/${cycle.Id}/steps`);
  const hook = steps.find((s) => s.WebhookUrl);
  const answer = await page.request.fetch(hook.WebhookUrl, { method: "PROPFIND" });
  assert.equal(answer.status(), 405);
  for (const end = Date.now() + 30_000; ; await new Promise((r) => setTimeout(r, 200))) {
    if ((await ask(page, settings, refused)).length > 0) break;
    assert.ok(Date.now() < end, "the log does not tell of it");
  }
  await page.goto(`/console/accounts/${settings.account}/reports?report=webhooks&answer=4xx`);
  const table = page.getByRole("table", { name: "Webhook log" });
  await table.getByText("The method is not allowed.").first().waitFor();
  await shoot(page, "report-webhooks-refused");
  await page.getByRole("combobox", { name: "Answer" }).selectOption({ label: "Any answer" });
  await table.getByRole("link", { name: "Transaction" }).first().waitFor();
  await picture(page, "webhook-log", { x: 232, y: 256, width: 1048, height: 360 });
  await page.getByRole("combobox", { name: "Answer" }).selectOption("2xx");
  await page.waitForURL(/answer=2xx/);
  await table.getByRole("link", { name: "Transaction" }).first().click();
  await page.waitForURL(/transactions\//);

  await page.goto("/console/reports/api?method=POST");
  await page.getByRole("table", { name: "API log" }).getByText("POST").first().waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  const lines = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
  assert.ok(lines[0].startsWith("Id,CreatedOnUtc,AccountId,Method,Path,"), lines[0]);
  assert.ok(lines.length > 1 && lines.slice(1).every((l) => l.includes(",POST,")), lines.join("\n"));
});

journey("a filter that nothing matches can be cleared, and one that is wrong is said so", async (page) => {
  await page.goto("/console/reports/methods?connector=Nowhere&from=2026-02-31");
  await page.getByText("Nothing matches these filters").waitFor();
  await page.getByRole("button").filter({ hasText: "Clear filters" }).click();
  await page.getByRole("table", { name: "Connector methods" }).getByText("Postbag").first().waitFor();
  await page.goto("/console/reports/days?from=2026-02-01&to=2026-01-01");
  await page.getByRole("alert").getByText("end: must not be before start").waitFor();
  await page.getByRole("button", { name: "Retry" }).waitFor();
});

journey(
  "an account has its own reports, in the dark",
  async (page, settings) => {
    await page.goto(`/console/accounts/${settings.account}/cycles`);
    await page
      .getByRole("navigation", { name: "Sections of the account" })
      .getByRole("link", { name: "Reports" })
      .click();
    await page.locator("canvas").waitFor();
    await accessible(page, "an account's reports in the dark");
    await shoot(page, "account-reports-dark");
    await page.getByRole("navigation", { name: "Reports" }).getByRole("link", { name: "Incidents" }).click();
    await page.getByRole("table", { name: "Incidents" }).locator("tbody tr:not([aria-hidden])").first().waitFor();
    for (const name of ["Webhook log", "API log"]) {
      await page.getByRole("navigation", { name: "Reports" }).getByRole("link", { name }).click();
      await page.getByRole("table", { name }).locator("tbody tr:not([aria-hidden])").first().waitFor();
      await accessible(page, `${name} in the dark`);
      await shoot(page, `report-${name}-dark`);
    }
    await page.goto("/console/");
    await page.locator("canvas").first().waitFor();
    await accessible(page, "the dashboard in the dark");
    await shoot(page, "dashboard-dark");
  },
  { scheme: "dark" },
);

journey(
  "dashboard and reports fit a phone",
  async (page, settings) => {
    await page.goto("/console/");
    await page.locator("canvas").first().waitFor();
    assert.ok((await beside(page)) <= 0, "the dashboard is wider than the phone");
    await shoot(page, "dashboard-phone");
    await page.goto("/console/reports/days");
    await page.locator("canvas").waitFor();
    assert.ok((await beside(page)) <= 0, "the report is wider than the phone");
    await shoot(page, "report-phone");
    for (const [name, address] of [
      ["API log", "api"],
      ["Webhook log", `webhooks?account=${settings.account}`],
      ["Transactions", "transactions"],
      ["Incidents", "incidents"],
      ["Billing periods", "periods"],
    ]) {
      await page.goto(`/console/reports/${address}`);
      const table = page.getByRole("table", { name, exact: true });
      await table.locator("tbody tr:not([aria-hidden])").first().waitFor();
      assert.ok((await beside(page)) <= 0, `${name} is wider than the phone`);
      await shoot(page, `report-phone-${name}`);
    }
  },
  { width: 360, height: 740 },
);
