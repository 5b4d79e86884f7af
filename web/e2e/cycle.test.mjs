/** Cycles of an account: from a template to a run, and back out of the recycle bin. */
import assert from "node:assert/strict";
import { accessible, ask, shoot } from "./browser.mjs";
import { beside, journeys } from "./journey.mjs";

const journey = journeys();

const inAccount = (settings) => `/console/accounts/${encodeURIComponent(settings.account)}`;

/** Until nothing on screen is a placeholder. */
const loaded = (page) =>
  page.locator("[aria-busy=true], .mantine-Skeleton-root").first().waitFor({ state: "detached" });

/** Calls the API within the account, as who is signed in. */
async function tell(page, settings, method, path, data) {
  const headers = { "X-Cyclr-Account": settings.account };
  const answer = await page.request.fetch(path, { method, data, headers });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.body()).length ? answer.json() : undefined;
}

journey("makes a cycle of a template, which says what it needs, and starts it", async (page, settings) => {
  await page.goto(`${inAccount(settings)}/cycles`);
  await page.getByRole("link", { name: "Use a template" }).click();
  const offered = page.getByRole("table", { name: "Templates to use" });
  await offered.getByRole("row").nth(1).waitFor();
  await accessible(page, "the templates to use");
  await shoot(page, "cycle templates");
  await offered.getByRole("button", { name: /^Use / }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Use", exact: true }).click();
  await page.waitForURL(/\/cycles\/[0-9a-f-]{36}$/);
  await page.getByRole("region", { name: "Before it can start" }).getByText("Ready to start").waitFor();
  await page.getByRole("group", { name: "Steps" }).getByRole("button").first().waitFor();
  await page.getByRole("region", { name: "Webhooks" }).locator("code").first().waitFor();
  await loaded(page);
  await accessible(page, "a cycle that is stopped");
  await shoot(page, "cycle stopped");

  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Start cycle" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
  await page.getByRole("heading", { name: "Ready to start" }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop cycle" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).waitFor();
});

journey("says what is missing, and leads to where it is put right", async (page, settings) => {
  const [{ Id }] = await ask(page, settings, "/v1.0/cycles");
  const cycle = await ask(page, settings, `/v1.0/cycles/${Id}`);
  await page.route(`**/v1.0/cycles/${Id}`, (r) => r.fulfill({ json: { ...cycle, Status: "Paused" } }));
  const [hook] = await ask(page, settings, `/v1.0/cycles/${Id}/steps`);
  const lacks = [
    { ReasonCode: 20, Reason: "Connector CRM is not installed.", ObjectType: "AccountConnector", ObjectId: "0" },
    { ReasonCode: 20, Reason: "Connector Mail is not authenticated.", ObjectType: "AccountConnector", ObjectId: "7" },
    { ReasonCode: 41, Reason: "Email is not mapped.", ObjectType: "Field", ObjectId: "9", StepId: hook.Id },
  ];
  await page.route("**/prerequisites", (r) => r.fulfill({ json: lacks }));
  await page.goto(`${inAccount(settings)}/cycles/${Id}`);
  const setup = page.getByRole("region", { name: "Before it can start" });
  await setup.getByText("3 things are left to do.").waitFor();
  const leads = (name) => setup.getByRole("link", { name }).getAttribute("href");
  assert.match(await leads("Install: Connector CRM is not installed."), /\/connectors$/);
  assert.match(await leads("Connect: Connector Mail is not authenticated."), /\/connectors\/7$/);
  assert.match(await leads("Set up: Email is not mapped."), new RegExp(`/cycles/${Id}/design`));
  await loaded(page);
  await accessible(page, "a cycle that lacks something");
  await shoot(page, "cycle setup");
});

journey("makes an empty cycle, renames, copies, deletes and restores it", async (page, settings) => {
  await page.goto(`${inAccount(settings)}/cycles`);
  await page.getByRole("button", { name: "New cycle" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog
    .getByText(/required/i)
    .first()
    .waitFor();
  await accessible(page, "a new cycle without a name");
  await dialog.getByLabel("Name").fill("Nightly sync");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "Nightly sync" }).waitFor();

  await page.getByRole("navigation", { name: "Sections of the cycle" }).getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Name").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await page
    .getByText(/Name is required/)
    .first()
    .waitFor();
  await page.getByLabel("Name").fill("Hourly sync");
  await page.getByLabel("When a step fails").selectOption("Retry");
  await page.getByLabel("Tries after the first").fill("4");
  await accessible(page, "the settings of a cycle");
  await shoot(page, "cycle settings");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Hourly sync" }).waitFor();
  const id = page.url().match(/cycles\/([^/]+)/)[1];
  const now = await ask(page, settings, `/v1.0/cycles/${id}`);
  assert.deepEqual([now.Name, now.StepErrorAction, now.Retries], ["Hourly sync", "Retry", 4]);

  await page.getByRole("button", { name: "More for Hourly sync" }).click();
  await page.getByRole("menuitem", { name: "Copy", exact: true }).click();
  await dialog.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("heading", { name: "Hourly sync, copy" }).waitFor();

  await page.getByRole("button", { name: "More for Hourly sync, copy" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByText("for 90 days").waitFor();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "Recycle bin" }).click();
  const bin = page.getByRole("table", { name: "Recycle bin" });
  await bin.getByText("Hourly sync, copy").waitFor();
  await accessible(page, "the recycle bin of cycles");
  await bin.getByRole("button", { name: "Restore Hourly sync, copy" }).click();
  await page.getByText("The recycle bin is empty").waitFor();
  await page.getByRole("link", { name: "All cycles" }).click();
  await page.getByRole("table", { name: "Cycles" }).getByRole("link", { name: "Hourly sync, copy" }).waitFor();
  await page.getByRole("combobox", { name: "Status" }).selectOption("Finishing");
  await page.getByText("Nothing matches these filters").waitFor();
});

journey("tells of a newer release, and what changes with it", async (page, settings) => {
  const cycle = (await ask(page, settings, "/v1.0/cycles")).find((c) => c.TemplateId && c.Status === "Running");
  assert.ok(cycle, "no cycle of a template is running");
  const releases = `/v1.0/templates/${cycle.TemplateId}/releases`;
  const draft = await tell(page, settings, "POST", releases, {});
  const { Graph, Revision } = await ask(page, settings, `${releases}/${draft.Id}`);
  const Steps = Graph.Steps.map((s, i) => (i === 0 ? { ...s, Name: "New contact, renamed" } : s));
  await tell(page, settings, "PUT", `${releases}/${draft.Id}`, { Graph: { ...Graph, Steps }, Revision });
  await tell(page, settings, "POST", `${releases}/${draft.Id}/promote`, { Notes: "A clearer name." });
  await page.goto(`${inAccount(settings)}/cycles/${cycle.Id}`);
  await page.getByRole("button", { name: "See what changes" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("A clearer name.").waitFor();
  await dialog.getByText("New contact, renamed").waitFor();
  await accessible(page, "an upgrade");
  await shoot(page, "cycle upgrade");
  await dialog.getByRole("button", { name: "Upgrade" }).click();
  await dialog.getByText("Everything came with it.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "See what changes" }).waitFor({ state: "detached" });
});

journey("runs a transaction again from its page, and all that failed from the list", async (page, settings) => {
  const [done] = await ask(page, settings, "/v1.0/cycles/transactions?status=Completed");
  await page.goto(`${inAccount(settings)}/cycles/${done.CycleId}/transactions/${done.Id}`);
  const path = page.getByRole("group", { name: "Path" });
  await path.getByRole("img", { name: "Success" }).first().waitFor();
  await path.getByRole("button").first().click();
  await page.waitForURL(/step=1/);
  await loaded(page);
  await accessible(page, "a transaction with its path");
  await shoot(page, "transaction path");
  await page.getByRole("button", { name: "Retry" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("with the data that this one began with").waitFor();
  await dialog.getByRole("button", { name: "Retry" }).click();
  await page.waitForURL((url) => !url.href.includes(done.Id));
  await page.getByText("Repeats").waitFor();

  await page.goto(`${inAccount(settings)}/transactions?status=Failed`);
  await page.getByText("No transaction matches").waitFor();
  await page.goto(`${inAccount(settings)}/transactions?status=Completed`);
  await page.getByRole("button", { name: "All of these" }).click();
  await page.getByRole("menuitem", { name: "Retry all" }).click();
  await dialog.getByText(/All that are Completed run again/).waitFor();
  await dialog.getByText(/There are \d+\./).waitFor();
  await accessible(page, "what is done to many transactions");
  await dialog.getByRole("button", { name: "Retry" }).click();
  await dialog.waitFor({ state: "detached" });
  const jobs = page.getByRole("list", { name: "What is done to many" });
  await jobs.getByText("Completed").waitFor();
  await jobs.getByText(/transactions? runs? again/).waitFor();
  await page.reload();
  await jobs.getByText(/transactions? runs? again/).waitFor();
  await accessible(page, "what was done to many transactions");
  await shoot(page, "transaction jobs");
});

journey("shows a long body in part, and all of it when asked", async (page, settings) => {
  const [done] = await ask(page, settings, "/v1.0/cycles/transactions?status=Completed");
  const items = `/v1.0/cycles/${done.CycleId}/transactions/${done.Id}`;
  const [first] = await ask(page, settings, `${items}?bodyLimit=20`);
  const received = first.Request?.BodySize ? first.Request : first.Response;
  assert.ok(received.BodySize > 20, "the first step has no body");
  await page.route(`**${items}?bodyLimit=20000`, async (r) =>
    r.continue({ url: r.request().url().replace("20000", "20") }),
  );
  await page.goto(`${inAccount(settings)}/cycles/${done.CycleId}/transactions/${done.Id}?step=1`);
  await page
    .getByRole("button", { name: /^Load all/ })
    .first()
    .click();
  await page
    .getByRole("button", { name: /^Load all/ })
    .first()
    .waitFor({ state: "detached" });
});

journey("says why a transaction waits, and goes on with one that failed", async (page, settings) => {
  const [done] = await ask(page, settings, "/v1.0/cycles/transactions?status=Completed");
  const address = `${inAccount(settings)}/cycles/${done.CycleId}/transactions/${done.Id}`;
  const wake = new Date(Date.now() + 3_600_000).toISOString();
  let shown = { ...done, Status: "Waiting", FinishedOnUtc: undefined, WakeOnUtc: wake };
  await page.route("**/transactions/live**", (r) =>
    r.fulfill({ contentType: "text/event-stream", body: ": quiet\n\n" }),
  );
  await page.route(`**/v1.0/transactions/${done.Id}`, (r) => r.fulfill({ json: shown }));
  await page.goto(address);
  await page.getByText(/It goes on/).waitFor();
  await page.getByRole("button", { name: "Drop" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("It is cancelled").waitFor();
  await dialog.getByRole("button", { name: "Drop" }).click();
  await dialog.getByRole("alert").locator("p").waitFor(); // it has long been at its end
  await accessible(page, "a refusal to drop a transaction");
  await page.keyboard.press("Escape");

  shown = { ...done, Status: "Failed" };
  await page.reload();
  await page.getByRole("button", { name: "Resume from here" }).waitFor();
});

for (const [name, options] of [
  ["dark", { scheme: "dark" }],
  ["phone", { width: 390, height: 780 }],
]) {
  journey(
    `is accessible and fits: ${name}`,
    async (page, settings) => {
      const cycle = (await ask(page, settings, "/v1.0/cycles")).find((c) => c.Status === "Running");
      const [tx] = await ask(page, settings, `/v1.0/cycles/${cycle.Id}/transactions?status=Completed`);
      const screens = {
        cycles: "cycles",
        cycle: `cycles/${cycle.Id}`,
        settings: `cycles/${cycle.Id}/settings`,
        transaction: `cycles/${cycle.Id}/transactions/${tx.Id}`,
      };
      for (const [screen, path] of Object.entries(screens)) {
        await page.goto(`${inAccount(settings)}/${path}`);
        await page.getByRole("main").getByRole("heading").first().waitFor();
        await loaded(page);
        await accessible(page, `${screen} (${name})`);
        assert.equal(await beside(page), 0, `${screen} is too wide`);
        await shoot(page, `cycle ${name} ${screen}`);
      }
    },
    options,
  );
}
