import assert from "node:assert/strict";
import { accessible, ask, shoot, signIn } from "./browser.mjs";
import { beside, journeys, signedIn, smallAndDark } from "./journey.mjs";

const enter = signedIn();
const journey = journeys({ enter, last: documented });
const inAccount = (settings) => `/console/accounts/${encodeURIComponent(settings.account)}`;

/** Until nothing on screen is a placeholder. */
function loaded(page) {
  return page.locator("[aria-busy=true], .mantine-Skeleton-root").first().waitFor({ state: "detached" });
}

/** The console asks for nothing that the API's document does not describe. */
async function documented({ page, requests }) {
  const { paths } = await (await page.request.get("/v1.0/openapi.json")).json();
  const known = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`),
    operations,
  }));
  const unknown = requests.filter(
    (r) => !known.some(({ pattern, operations }) => pattern.test(r.path) && operations[r.method.toLowerCase()]),
  );
  assert.deepEqual(unknown, [], "requests that the API's document does not know");
}

journey(
  "signs in, refusing a wrong password, and goes where one was going",
  async (page, settings) => {
    await page.goto(`${inAccount(settings)}/connectors`);
    await page.getByLabel("Email").fill(settings.email);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("Enter your email and your password.").waitFor();
    await page.getByLabel("Password", { exact: true }).fill(`${settings.password}x`);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").locator("p").waitFor();
    await accessible(page, "a refused sign-in");
    await page.getByLabel("Password", { exact: true }).fill(settings.password);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**${inAccount(settings)}/connectors`);
    await page.getByRole("table", { name: "Connectors" }).waitFor();
  },
  { stranger: true },
);

journey(
  "signs out, and the pages are closed",
  async (page, settings) => {
    await signIn(page, settings);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/console/sign-in**");
    await page.goto(inAccount(settings));
    await page.waitForURL("**/console/sign-in**");
    assert.equal((await page.request.get("/v1.0/accounts")).status(), 401);
  },
  { stranger: true },
);

journey("says so when a session ended", async (page) => {
  await page.goto("/console/accounts");
  await page.getByRole("table", { name: "Accounts" }).getByRole("link").first().waitFor();
  await loaded(page);
  await page.context().clearCookies();
  await page.getByRole("table", { name: "Accounts" }).getByRole("link").first().click();
  await page.getByText("Your session has ended.").waitFor();
});

journey("shows the accounts as a tree, by mouse and by keyboard", async (page, settings) => {
  const accounts = await ask(page, settings, "/v1.0/accounts?pageSize=1000");
  const parent = accounts.find((a) => accounts.some((b) => b.ParentAccountId === a.Id));
  const child = accounts.find((a) => a.ParentAccountId === parent?.Id);
  assert.ok(child, "no account has a sub-account");
  const asked = [];
  page.on(
    "request",
    (r) => /\/v1\.0\/(account\/|accounts|cycles|runs)/.test(r.url()) && asked.push(new URL(r.url()).pathname),
  );
  await page.goto("/console/accounts");
  const table = page.getByRole("table", { name: "Accounts" });
  const row = table.getByRole("row").filter({ has: page.getByRole("link", { name: parent.Name, exact: true }) });
  await row.getByText("1 of 1", { exact: true }).waitFor(); // of its cycles one runs
  await row.getByRole("img", { name: /^\d+ transactions?, in the last 14 days/ }).waitFor();
  assert.deepEqual(
    asked.sort(),
    ["/v1.0/accounts", "/v1.0/runs/accounts"],
    "once for the list, and once for its figures",
  );
  await shoot(page, "accounts");
  const parentLink = table.getByRole("link", { name: parent.Name, exact: true });
  const childLink = table.getByRole("link", { name: `${child.Name} (Sub-account of ${parent.Name})` });
  await childLink.waitFor();

  await table.getByRole("button", { name: `Hide sub-accounts of ${parent.Name}` }).click();
  await childLink.waitFor({ state: "detached" });
  await parentLink.focus();
  await page.keyboard.press("ArrowRight");
  await childLink.waitFor();

  await page.keyboard.press("/");
  await page.keyboard.type(child.Name);
  await page.waitForURL(/query=/);
  await parentLink.waitFor({ state: "detached" });
  await page.reload();
  await table.getByRole("link", { name: child.Name, exact: true }).waitFor();
  assert.equal(await page.getByRole("searchbox").inputValue(), child.Name);
  await page.getByRole("searchbox").fill("");
  await parentLink.waitFor();

  const tops = accounts
    .filter((a) => !a.ParentAccountId)
    .toSorted((a, b) => a.CreatedDate.localeCompare(b.CreatedDate));
  for (const [order, first] of [
    ["Oldest first", tops.at(0)],
    ["Newest first", tops.at(-1)],
  ]) {
    await page.getByRole("combobox", { name: "Order" }).selectOption(order);
    const link = table.getByRole("link", { name: first.Name, exact: true });
    await table.locator("a[data-row]").first().and(link).waitFor();
  }
  assert.match(page.url(), /sort=CreatedDate&down=true/);
  await smallAndDark(page, "accounts");
});

journey("is reachable by keyboard from the first key on", async (page, settings) => {
  await page.goto(`${inAccount(settings)}/cycles`);
  await page.getByRole("table", { name: "Cycles" }).getByRole("link").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // the skip link
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  const seen = new Set();
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const e = document.activeElement;
      const style = e && getComputedStyle(e);
      // Fields show focus by their border, all else by an outline.
      const visible = e?.matches("input, select") || style?.outlineStyle !== "none";
      if (!e || e === document.body) return null;
      return { name: e?.getAttribute("aria-label") ?? e?.textContent ?? "", visible };
    });
    if (!focus) break; // left the page
    seen.add(focus.name);
    assert.ok(focus.visible, `focus on ${focus.name} cannot be seen`);
  }
  for (const name of ["Transactions", "Search cycles"]) assert.ok(seen.has(name), `${name} was not reached`);
  assert.ok(
    [...seen].some((n) => n.startsWith("Stop ") || n.startsWith("Start ")),
    "no start or stop was reached",
  );
});

journey("stops a cycle and starts it again", async (page, settings) => {
  const cycle = (await ask(page, settings, "/v1.0/cycles")).find((c) => c.Status === "Running");
  assert.ok(cycle, "no cycle is running");
  await page.goto(`${inAccount(settings)}/cycles`);
  const row = page.getByRole("row").filter({ hasText: cycle.Name });
  await row.getByText("Running").waitFor();

  await row.getByRole("button", { name: `Stop ${cycle.Name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Stop cycle" }).waitFor();
  if (await dialog.getByRole("radio", { name: "Stop now" }).count()) {
    await dialog.getByRole("radio", { name: "Stop now" }).check();
  }
  await accessible(page, "the dialog to stop");
  await dialog.getByRole("button", { name: "Stop cycle" }).click();
  await row.getByText("Stopped").waitFor();
  assert.equal((await ask(page, settings, "/v1.0/cycles")).find((c) => c.Id === cycle.Id).Status, "Paused");

  await row.getByRole("button", { name: `Start ${cycle.Name}` }).click();
  await dialog.getByRole("button", { name: "Start cycle" }).waitFor();
  await accessible(page, "the dialog to start");
  await dialog.getByRole("button", { name: "Start cycle" }).click();
  await row.getByText("Running").waitFor();
  const after_ = (await ask(page, settings, "/v1.0/cycles")).find((c) => c.Id === cycle.Id);
  assert.equal(after_.Status, "Running");
  assert.equal(after_.Interval ?? 0, cycle.Interval ?? 0, "the interval changed");
});

journey("refuses at once while the server is out of reach, and does nothing later", async (page, settings) => {
  const cycle = (await ask(page, settings, "/v1.0/cycles")).find((c) => c.Status === "Running");
  assert.ok(cycle, "no cycle is running");
  await page.goto(`${inAccount(settings)}/cycles`);
  await page.getByRole("button", { name: `Stop ${cycle.Name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Stop cycle" }).waitFor(); // it comes from the server
  await page.context().setOffline(true);
  await dialog.getByRole("button", { name: "Stop cycle" }).click();
  await dialog.getByRole("alert").getByText("The server could not be reached").waitFor();
  await page.keyboard.press("Escape");
  await page.context().setOffline(false);
  await page.reload();
  await page.getByRole("row").filter({ hasText: cycle.Name }).getByText("Running").waitFor();
});

journey("says that an address names nothing, and leads on", async (page, settings) => {
  const [{ CycleId }] = await ask(page, settings, "/v1.0/cycles/transactions?pageSize=1");
  for (const address of [
    "/console/nowhere",
    "/console/accounts/nobody",
    `${inAccount(settings)}/cycles/${CycleId}/transactions/none`,
  ]) {
    await page.goto(address);
    await page.getByText("There is nothing here").waitFor();
    await accessible(page, address);
  }
  await page.getByRole("link", { name: "All accounts" }).click();
  await page.getByRole("table", { name: "Accounts" }).waitFor();
});

journey("says what is missing before a cycle can start", async (page, settings) => {
  const [cycle] = await ask(page, settings, "/v1.0/cycles");
  const stopped = { ...cycle, Status: "Paused" };
  await page.route("**/v1.0/cycles?*", (r) => r.fulfill({ json: [stopped] }));
  await page.route("**/prerequisites", (r) =>
    r.fulfill({
      json: [
        { ReasonCode: 20, Reason: "The CRM is not authenticated.", ObjectType: "AccountConnector", ObjectId: "1" },
      ],
    }),
  );
  await page.goto(`${inAccount(settings)}/cycles`);
  await page.getByRole("button", { name: `Start ${cycle.Name}` }).click();
  await page.getByText("One thing is missing").waitFor();
  await page.getByText("The CRM is not authenticated.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Start cycle" }).count(), 0);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

journey("follows transactions live and shows a transaction's steps", async (page, settings) => {
  await page.goto(`${inAccount(settings)}/transactions`);
  await page.getByRole("status").getByText("Live", { exact: true }).waitFor();
  await page.getByRole("combobox", { name: "Status" }).selectOption("Completed");
  await page.waitForURL(/status=Completed/);
  const row = page.getByRole("row").filter({ hasText: "Completed" });
  await row.first().getByRole("link").click();
  await page.waitForURL("**/cycles/*/transactions/*");
  await page.getByRole("heading", { name: "Transaction" }).waitFor();

  const [, cycle, id] = page.url().match(/cycles\/([^/]+)\/transactions\/([^/?]+)/);
  const items = await ask(page, settings, `/v1.0/cycles/${cycle}/transactions/${id}`);
  const called = items.find((s) => s.Response) ?? items[0];
  const steps = page.getByRole("navigation", { name: "Steps" });
  // The graph comes above them, and moves them: what moves between press and release is not clicked.
  await page.getByRole("group", { name: "Path" }).getByRole("button").first().waitFor();
  await steps.getByRole("button").nth(items.indexOf(called)).click();
  await page.waitForURL(/step=/);
  await page.getByRole("heading", { name: "Request" }).waitFor();
  if (called.Response) await page.getByRole("heading", { name: /Response|Received data/ }).waitFor();
  await page.reload();
  await steps.locator("[aria-current=step]").getByText(called.StepName).waitFor();
});

journey("lists what a transaction was split into", async (page, settings) => {
  const [parent, child] = await ask(page, settings, "/v1.0/cycles/transactions?pageSize=2");
  assert.ok(child, "the account has too few transactions");
  await page.route("**/transactions/live**", (r) =>
    r.fulfill({ contentType: "text/event-stream", body: ": quiet\n\n" }),
  );
  await page.route(`**/v1.0/transactions/${parent.Id}`, (r) => r.fulfill({ json: { ...parent, Children: 1 } }));
  await page.route(`**/v1.0/transactions/${parent.Id}/transactions?*`, (r) =>
    r.fulfill({ json: [{ ...child, ParentId: parent.Id }] }),
  );
  await page.route(`**/v1.0/transactions/${child.Id}`, (r) => r.fulfill({ json: { ...child, ParentId: parent.Id } }));
  await page.goto(`${inAccount(settings)}/cycles/${parent.CycleId}/transactions/${parent.Id}`);
  await page.getByRole("region", { name: "Split into" }).getByRole("link").click();
  await page.waitForURL(`**/transactions/${child.Id}`);
  await page.getByText("Split from").waitFor();
});

journey("shows new transactions by themselves", async (page, settings) => {
  const [known] = await ask(page, settings, "/v1.0/cycles/transactions?pageSize=1");
  assert.ok(known, "the account has no transaction");
  const fresh = {
    ...known,
    Id: "ffffffff-ffff-8fff-8f74-616e64656d01",
    Status: "Queued",
    CreatedOnUtc: "2099-01-01T00:00:00Z",
  };
  await page.route("**/transactions/live**", (r) =>
    r.fulfill({ contentType: "text/event-stream", body: `event: transactions\ndata: ${JSON.stringify([fresh])}\n\n` }),
  );
  await page.goto(`${inAccount(settings)}/transactions`);
  await page.getByRole("link", { name: "Open transaction ffffffff-ffff-8fff-8f" }).waitFor();
  await page.getByText("Reconnecting").waitFor(); // the answer above ended
});

journey("tells when something cannot be loaded, and tries again", async (page, settings) => {
  await page.route("**/v1.0/account/connectors*", (r) =>
    r.fulfill({ status: 400, json: { Message: "Out of order." } }),
  );
  await page.goto(`${inAccount(settings)}/connectors`);
  await page.getByRole("alert").getByText("Out of order.").waitFor();
  await accessible(page, "a failure");
  await shoot(page, "failure");
  await page.unroute("**/v1.0/account/connectors*");
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("table", { name: "Connectors" }).getByRole("row").nth(1).waitFor();
});

journey("shows the shape of what is loading, and what to do when there is nothing", async (page, settings) => {
  let answer;
  const asked = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route("**/v1.0/cycles?*", async (r) => {
    await asked;
    await r.fulfill({ json: [] });
  });
  await page.goto(`${inAccount(settings)}/cycles`);
  await page.locator("table[aria-busy=true]").waitFor();
  await accessible(page, "a table that is loading");
  await shoot(page, "loading");
  answer();
  await page.getByText("No cycles in this account").waitFor();
  await accessible(page, "an empty state");
  await shoot(page, "empty");
});

const schemes = [
  ["light", { stranger: true, scheme: "light" }],
  ["dark", { stranger: true, scheme: "dark" }],
  ["phone", { stranger: true, width: 390, height: 780 }],
];
for (const [name, options] of schemes) {
  journey(
    `is accessible on every screen, and fits: ${name}`,
    async (page, settings) => {
      await page.goto("/console/sign-in");
      await page.getByLabel("Email").waitFor();
      await accessible(page, "sign in");
      await shoot(page, `${name} sign in`);
      await enter({ context: page.context(), page }, settings);
      const [transaction] = await ask(page, settings, "/v1.0/cycles/transactions?pageSize=1&status=Completed");
      const screens = {
        accounts: "/console/accounts",
        cycles: `${inAccount(settings)}/cycles`,
        connectors: `${inAccount(settings)}/connectors`,
        errors: `${inAccount(settings)}/errors`,
        transactions: `${inAccount(settings)}/transactions`,
        transaction: `${inAccount(settings)}/cycles/${transaction.CycleId}/transactions/${transaction.Id}`,
      };
      for (const [screen, path] of Object.entries(screens)) {
        await page.goto(path);
        await page.getByRole("main").waitFor();
        await loaded(page);
        await accessible(page, `${screen} (${name})`);
        assert.equal(await beside(page), 0, `${screen} is too wide`);
        await shoot(page, `${name} ${screen}`);
      }
    },
    options,
  );
}

journey("keeps the chosen colour scheme", async (page) => {
  await page.goto("/console/");
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  assert.equal(await scheme(), "dark");
  await page.reload();
  await page.getByRole("radio", { name: "Dark" }).waitFor({ state: "attached" });
  assert.equal(await scheme(), "dark");
});
