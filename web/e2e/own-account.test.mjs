/** The screens of an account's own people: on a page of their own, and in a frame of the vendor's. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { accessible, open, shoot, signIn } from "./browser.mjs";
import { beside, journeys, send } from "./journey.mjs";

const password = "a long enough password";
const amy = `amy-${Date.now()}@page-turner.example`;
const ben = `ben-${Date.now()}@page-turner.example`;

let partner; // who is signed in to the console

/** Two people of the account, of whom one is of another, too. */
async function people(browser, settings) {
  partner = (await open(browser, settings)).page;
  await signIn(partner, settings);
  for (const [account, Username, Administrator] of [
    [settings.account, amy, true],
    ["brighton", amy, false],
    [settings.account, ben, false],
  ]) {
    await send(partner, "PUT", `/v1.0/accounts/${account}/users`, { Username, Password: password });
    const path = `/v1.0/accounts/${account}/users/${encodeURIComponent(Username)}`;
    await send(partner, "PUT", path, { Administrator });
  }
}

/** What only partners and their colleagues ask, whatever is answered. */
const partners = /^\/(console|v1\.0\/(accounts(\/[^/]+\/.*)?|users|usage|settings|folders|audit|notices)$)/;

const refused = [];
const journey = journeys({
  first: people,
  enter({ page }) {
    refused.length = 0;
    page.on("response", (r) => {
      if ([401, 403].includes(r.status())) refused.push(`${r.status()} ${r.url()}`);
    });
  },
  /** It asks for nothing that is not an account user's. */
  last({ requests }) {
    const asked = requests.map((r) => r.path).filter((path) => partners.test(path));
    assert.deepEqual(asked, [], "it asks for what is its partner's");
    assert.deepEqual(refused, [], "it asks for what it may not");
  },
});

const sessions = new Map();

/** Signed in at a page, once for all who are the same person: the server bounds how often one may. */
async function enter(page, who, account = "Page Turner Books") {
  if (sessions.has(who)) await page.context().addCookies(sessions.get(who));
  await page.goto("/account");
  if (!sessions.has(who)) {
    await page.getByLabel("User name or email").fill(who);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const choice = page.getByRole("heading", { name: "Where do you want to go?" });
    await choice.or(page.getByRole("heading", { name: "Cycles" })).waitFor();
    if (await choice.count()) {
      await page.getByLabel("Account").selectOption({ label: account });
      await page.getByRole("button", { name: "Go" }).click();
    }
  }
  await page.getByRole("heading", { name: "Cycles", level: 1 }).waitFor();
  if (!sessions.has(who)) sessions.set(who, await page.context().cookies());
}

/** The sections of the account. */
const section = (page, name) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });
const dialog = (page) => page.getByRole("dialog");

journey("signs in, stops and starts a cycle, and looks at what it did", async (page) => {
  await enter(page, amy);
  assert.match(new URL(page.url()).pathname, /^\/account\/\d+\/cycles$/);
  await page
    .getByRole("link", { name: /^New CRM contact/ })
    .first()
    .waitFor();
  assert.equal(await page.getByText(/console|All accounts|Account Management/i).count(), 0);
  await accessible(page, "the home of an account");
  await shoot(page, "own-cycles");

  await page
    .getByRole("link", { name: /^New CRM contact/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  const now = dialog(page).getByRole("radio", { name: "Stop now" });
  await dialog(page).getByRole("button", { name: "Stop cycle" }).waitFor();
  if (await now.count()) await now.check();
  await dialog(page).getByRole("button", { name: "Stop cycle" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await dialog(page).getByRole("button", { name: "Start cycle" }).click();
  await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
  await accessible(page, "a cycle of an account's own");
  await shoot(page, "own-cycle");
  await page
    .getByRole("link", { name: "Edit" })
    .or(page.getByRole("link", { name: "Design" }))
    .first()
    .click();
  await page.locator(".react-flow__node").first().waitFor();
  await shoot(page, "own-design");

  await section(page, "Transactions").click();
  await page.getByRole("table").getByText("Completed").first().waitFor();
  await page.getByRole("table").getByRole("link").first().click();
  await page.waitForURL(/\/account\/\d+\/cycles\/[^/]+\/transactions\/[^/]+/);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await accessible(page, "a transaction of an account's own");
  await shoot(page, "own-transaction");
  await page.reload(); // the address is enough
  await page.getByRole("heading", { level: 1 }).waitFor();

  await section(page, "Templates").click();
  await page.getByRole("button", { name: /^Use / }).first().waitFor();
  for (const name of ["Errors", "Templates"]) {
    await section(page, name).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor();
  }
  await shoot(page, "own-templates");

  await page.goto(`${page.url().replace(/\/templates.*/, "")}/accounts/brighton/cycles`);
  await page.getByRole("link", { name: "To the cycles" }).click();
  await page.getByRole("heading", { name: "Cycles", level: 1 }).waitFor();
});

journey("reads reports", async (page) => {
  await enter(page, amy);
  await section(page, "Reports").click();
  const reports = page.getByRole("navigation", { name: "Reports" });
  await reports.waitFor();
  for (const link of await reports.getByRole("link").all()) {
    await link.click();
    await page.locator("[aria-busy=true], .mantine-Skeleton-root").first().waitFor({ state: "detached" });
  }
  assert.equal(await reports.getByRole("link", { name: /Audit|Notices/ }).count(), 0);
  await reports.getByRole("link", { name: "Cycles", exact: true }).click();
  await page
    .getByRole("table")
    .getByRole("link", { name: /^New CRM contact/ })
    .waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).first().click(),
  ]);
  assert.equal(file.suggestedFilename(), "cycles.csv");
  await accessible(page, "the reports of an account's own");
  await shoot(page, "own-reports");
});

journey("installs and authenticates a connector", async (page, settings) => {
  await enter(page, ben);
  await section(page, "Connectors").click();
  await page.getByRole("link", { name: "Bookshelf CRM" }).waitFor();
  await shoot(page, "own-connectors");
  await page.getByRole("button", { name: "Install connector" }).click();
  await dialog(page)
    .getByRole("radio", { name: /^Bookshelf CRM/ })
    .click();
  await dialog(page).getByLabel("Name").fill("Till");
  await dialog(page).getByRole("button", { name: "Install", exact: true }).click();
  await page.getByRole("heading", { name: "Till", level: 1 }).waitFor();
  const part = (name) => page.getByRole("region", { name, exact: true });
  const known = await page.request.get("/v1.0/account/connectors", {
    headers: { "X-Cyclr-Account": settings.account },
  });
  const { Properties } = (await known.json()).find((c) => c.Name === "Bookshelf CRM");
  await part("Settings").getByLabel("Address").fill(Properties[0].Value);
  await part("Settings").getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").getByText("Saved").waitFor();
  await part("Credentials").getByLabel("API key").fill("e2e-crm-key");
  await part("Credentials").getByRole("button", { name: "Authenticate" }).click();
  await page.getByRole("status").getByText("Till is authenticated").waitFor();
  await accessible(page, "a connector of an account's own");
  await shoot(page, "own-connector");
});

journey(
  "administrators see to the people and the settings, in dark",
  async (page) => {
    await enter(page, amy);
    await section(page, "Users").click();
    const admin = page.getByRole("switch", { name: new RegExp(ben) });
    await admin.waitFor();
    await page.getByRole("button", { name: "Invite" }).first().click();
    await dialog(page).getByLabel("Email").fill(`guest-${Date.now()}@page-turner.example`);
    await dialog(page)
      .getByRole("button", { name: "Send" })
      .or(dialog(page).getByRole("button", { name: "Invite" }))
      .click();
    await dialog(page)
      .getByText(/account\/invitation\?token=/)
      .waitFor(); // there is no mail here
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await dialog(page).waitFor({ state: "detached" });
    await page.getByText("Open invitations").first().waitFor();
    await page.getByRole("table", { name: "Sessions" }).getByText("This one").waitFor();
    await accessible(page, "the people of an account, and their sessions");
    await shoot(page, "own-users");
    await section(page, "Settings").click();
    await page.getByLabel("Description").fill(`Books, since ${Date.now()}`);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").getByText("Saved").waitFor();
    await page.getByPlaceholder("As for all accounts").first().waitFor();
    assert.equal(await page.getByPlaceholder(/console/i).count(), 0);
    await accessible(page, "the settings of an account's own");
    await shoot(page, "own-settings-dark");
  },
  { scheme: "dark" },
);

journey(
  "others have no such pages, on a phone",
  async (page) => {
    await enter(page, ben);
    assert.equal(await beside(page), 0);
    await accessible(page, "the home of an account on a phone");
    await shoot(page, "own-phone");
    await page.getByRole("button", { name: "Menu" }).click();
    await section(page, "Connectors").waitFor();
    assert.equal(await section(page, "Users").count(), 0);
    assert.equal(await section(page, "Settings").count(), 0);
    await shoot(page, "own-phone-menu");
    const base = page.url().replace(/\/cycles.*/, "");
    for (const path of ["/users", "/settings"]) {
      await page.goto(base + path);
      await page.getByRole("link", { name: "To the cycles" }).waitFor();
    }
    for (const path of ["/transactions", "/connectors", "/reports"]) {
      await page.goto(base + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal(await beside(page), 0, path);
    }
    await page.goto(`${base}/profile`);
    await page.getByRole("table").getByText("This one").waitFor();
    assert.equal(await beside(page), 0, "the profile");
    await accessible(page, "the profile of an account's own on a phone");
    await shoot(page, "own-phone-profile");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search everything" }).fill("profile");
    await page.getByRole("option", { name: "My profile" }).waitFor();
    await accessible(page, "the palette of an account's own on a phone");
    await shoot(page, "own-phone-command");
  },
  { width: 360, height: 780 },
);

journey("finds what the account has, by keyboard", async (page, settings) => {
  await enter(page, amy);
  const field = page.getByRole("combobox", { name: "Search everything" });
  const found = (kind, name) => page.getByRole("group", { name: kind, exact: true }).getByRole("option", { name });
  await page.keyboard.press("Control+k");
  await field.fill("new crm");
  await found("Cycles", /^New CRM contact/)
    .first()
    .waitFor();
  await accessible(page, "the palette of an account's own");
  await shoot(page, "own-command");
  await field.fill("bookshelf");
  await found("Connectors", /Bookshelf CRM/)
    .first()
    .click();
  await page.waitForURL(/\/account\/\d+\/connectors\/\d+/);
  const path = "/v1.0/cycles/transactions?pageSize=1";
  const [transaction] = await (
    await page.request.get(path, { headers: { "X-Cyclr-Account": settings.account } })
  ).json();
  await page.keyboard.press("Control+k");
  await field.fill(transaction.Id);
  await found("Transactions", transaction.Id).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/account/\\d+/cycles/.*/${transaction.Id}`));
  await page.keyboard.press("Control+k");
  await field.fill("profile");
  await found("Go to", "My profile").click();
  await page.getByRole("heading", { name: "My profile", level: 1 }).waitFor();
});

journey("changes what is one's own", async (page) => {
  await enter(page, ben);
  await page.getByTitle("My profile").click();
  await page.waitForURL(/\/account\/\d+\/profile$/);
  const form = (name) => page.getByRole("form", { name, exact: true });
  await form("Name").getByLabel("First name").fill("Ben");
  await form("Name").getByLabel("Last name").fill("Page");
  await form("Name").getByRole("button", { name: "Save" }).click();
  await page.getByTitle("My profile").getByText("Ben Page").waitFor();
  await form("Password").getByLabel("Present password").fill("not the one");
  await form("Password").getByLabel("New password").fill("a longer password still");
  await form("Password").getByRole("button", { name: "Change password" }).click();
  await form("Password").getByRole("alert").getByText("The present password is wrong.").waitFor();
  await page.getByRole("table").getByText("This one").waitFor();
  await accessible(page, "the profile of an account's own");
  await shoot(page, "own-profile");
});

journey("goes to another of one's accounts, and signs out", async (page) => {
  await enter(page, amy);
  await page.getByRole("combobox", { name: "Other account" }).selectOption({ label: "Brighton" });
  await page.getByRole("button", { name: "Go" }).click();
  await page.getByText("Brighton").first().waitFor();
  await page.getByRole("heading", { name: "Cycles", level: 1 }).waitFor();
  assert.equal(await section(page, "Users").count(), 0); // none there
  const there = page.url();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Signed out" }).waitFor();
  await page.goto(there); // the other session is left
  await page.getByRole("combobox", { name: "Other account" }).waitFor();
});

/** A page of the vendor's with a frame. */
async function vendor(frame) {
  const page = `<!doctype html><title>Acme</title><h1>Acme</h1>
    <iframe title="Integrations" width="700" height="700" src="${frame.replaceAll("&", "&amp;")}"></iframe>`;
  const server = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end(page));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

journey(
  "works in a frame of the vendor's, and stays there",
  async (page, settings) => {
    const token = async () => {
      const path = `/v1.0/accounts/${settings.account}/signintoken`;
      const { Token } = await send(partner, "POST", path, { Username: `frame-${Date.now()}` });
      return `${settings.url}/account/signinwithtoken?token=${encodeURIComponent(Token)}&returnUrl=%2Faccount`;
    };
    const refusing = await vendor(await token());
    await page.route(`${refusing.url}favicon.ico`, (r) => r.fulfill({ status: 404 }));
    const blocked = page.waitForEvent("console", (m) => m.text().includes("frame-ancestors"));
    await page.goto(refusing.url);
    await blocked;
    refusing.close();

    const host = await vendor(await token());
    const FrameHosts = [new URL(host.url).origin];
    await send(partner, "PUT", "/v1.0/settings/embedding", { Frames: true, FrameHosts });
    await page.goto(host.url);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading", { name: "Cycles", level: 1 }).waitFor();
    await frame.getByRole("button", { name: "Menu" }).click();
    await frame.getByRole("link", { name: "Transactions", exact: true }).click();
    await frame.getByRole("heading", { name: "Transactions", level: 1 }).waitFor();
    await frame.getByRole("table").getByText("Completed").first().waitFor();
    await shoot(page, "own-frame");
    assert.equal(page.url(), host.url);
    const inner = page.frames().find((f) => f.url().startsWith(settings.url));
    assert.match(new URL(inner.url()).pathname, /^\/account\/\d+\/transactions$/);
    assert.ok(!inner.url().includes("token"));
    host.close();
  },
  { expected: /frame-ancestors/ },
);
