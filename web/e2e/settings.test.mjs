/** The settings of a partner: each page's main path, wrong input, an empty and a failing state, in dark, on a phone, without a fault that axe finds. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, searched, send, smallAndDark } from "./journey.mjs";

const journey = journeys();

/** A PNG of one pixel. */
const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
  "base64",
);

const save = (page) => page.getByRole("button", { name: "Save", exact: true });
const saved = (page) => page.getByText("Saved", { exact: true }).waitFor();

journey("looks as the partner wants it to", async (page) => {
  await page.goto("/console/settings/appearance");
  await page.getByLabel("Name", { exact: true }).fill("Acme Connect");
  const color = page.getByRole("textbox", { name: "Accent colour" });
  await color.fill("#ffcc00");
  await page.getByText("White text on it could not be read").waitFor();
  await save(page).click();
  await page.getByText("choose a darker one").first().waitFor();
  await color.fill("#0b6e4f");
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "logo.gif", mimeType: "image/gif", buffer: Buffer.from("GIF") });
  await page.getByText("Choose a PNG.").waitFor();
  await page.locator('input[type="file"]').setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: dot });
  await page.getByAltText("The present logo").waitFor();
  const preview = page.getByRole("region", { name: "Preview" });
  await preview.getByText("Acme Connect").first().waitFor({ state: "attached" });
  await accessible(page, "appearance");
  await shoot(page, "settings appearance");
  await save(page).click();
  await saved(page);
  await page.getByRole("link", { name: "Acme Connect" }).waitFor();
  const accent = () => page.evaluate(() => document.documentElement.style.getPropertyValue("--accent"));
  assert.equal(await accent(), "#0b6e4f");
  assert.match(await page.title(), /· Acme Connect$/);

  // Before anybody has signed in, and where customers do, it looks the same.
  const cookies = await page.context().cookies();
  await page.context().clearCookies();
  await page.goto("/console/sign-in");
  await page.getByRole("heading", { name: "Sign in to Acme Connect" }).waitFor();
  assert.equal(await accent(), "#0b6e4f");
  await accessible(page, "a sign-in page in another colour");
  await page.goto("/account/signin");
  await page.getByText("Acme Connect").waitFor();
  await accessible(page, "a customer's sign-in page in another colour");
  await shoot(page, "settings appearance account");
  await page.context().addCookies(cookies);
  await send(page, "PUT", "/v1.0/settings/appearance", { ProductName: "", AccentColor: "", Logo: "" });
});

const form = (page, field) => page.locator("form").filter({ has: field });

journey("is called what its team calls it", async (page) => {
  await page.goto("/console/settings/general");
  const name = page.getByRole("textbox", { name: "Name", exact: true }); // its label has an asterisk, too
  await name.waitFor();
  const { Name } = await send(page, "GET", "/v1.0/partner");
  await name.fill(" ");
  await save(form(page, name)).click();
  await page.getByText("Name is required").first().waitFor();
  await name.fill("Acme Works");
  await save(form(page, name)).click();
  await page.getByRole("link", { name: "Acme Works" }).waitFor(); // at the head of the navigation
  await accessible(page, "the partner's name");
  await shoot(page, "settings name");
  await send(page, "PUT", "/v1.0/partner", { Name });
});

journey("keeps what holds for all accounts", async (page) => {
  await page.goto("/console/settings");
  await page.waitForURL(/\/settings\/general/);
  const tasks = page.getByLabel("Tasks a month");
  await tasks.fill("250000");
  await page.getByLabel("Who is told").fill("ops@acme.example\nnobody");
  await save(form(page, tasks)).click();
  await page.getByText('"nobody" is not an email address').first().waitFor();
  await page.getByLabel("Who is told").fill("ops@acme.example");
  await save(form(page, tasks)).click();
  await saved(page);
  assert.equal((await send(page, "GET", "/v1.0/settings")).Task.Allowance, 250_000);
  await accessible(page, "general settings");
  await shoot(page, "settings general");

  await page.getByRole("link", { name: "Data Retention" }).click();
  const errored = page.getByLabel("Of steps that failed");
  await errored.fill("0");
  await page.getByText("Nothing is kept after a transaction's end.").waitFor();
  await errored.fill("168");
  await page.getByText("Kept for 7 d.").waitFor();
  await save(page).click();
  await saved(page);
  await accessible(page, "data retention");
  await shoot(page, "settings retention");
  await page.goto("/console/accounts/brighton/settings");
  await page.getByPlaceholder("168", { exact: false }).waitFor();
});

journey("tries a webhook", async (page) => {
  const told = [];
  const receiver = createServer((request, answer) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      told.push({ body: JSON.parse(body), signature: request.headers["webhook-signature"] });
      answer.writeHead(request.url === "/broken" ? 502 : 200).end();
    });
  }).listen(0, "127.0.0.1");
  try {
    await new Promise((done) => receiver.once("listening", done));
    const address = `http://127.0.0.1:${receiver.address().port}`;
    await page.goto("/console/settings/notifications");
    await page.getByText("Nothing was sent yet").waitFor();
    const field = page.getByLabel("Address").first();
    await field.fill(`${address}/broken`);
    const test = page.getByRole("button", { name: "Send a test" }).first();
    await test.click();
    await page.getByText("It answered 502, Bad Gateway.").waitFor();
    await field.fill(address);
    await test.click();
    await page.getByText(/^It was taken: 200/).waitFor();
    assert.equal(told[1].body.IncidentLevel, "Error");
    assert.match(told[1].signature, /^v1,/);
    await page.getByRole("switch", { name: "Send errors" }).click();
    await save(page).click();
    await saved(page);
    await accessible(page, "notifications");
    await shoot(page, "settings notifications");

    await page.getByRole("button", { name: "New secret" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
    const once = page.getByRole("dialog", { name: "Signing secret" });
    await once.getByText(/^whsec_/).waitFor();
    await accessible(page, "a signing secret");
    await once.getByRole("button", { name: "Done" }).click();
    await page.getByText(/^whsec_/).waitFor({ state: "detached" });
    await send(page, "PUT", "/v1.0/settings", {
      Account: { TransactionErrorWebhookEnabled: false, TransactionErrorWebhookUrl: null },
    });
  } finally {
    receiver.close();
  }
});

journey("gives a program its keys", async (page) => {
  await page.goto("/console/settings/clients");
  await page.getByRole("button", { name: "Create client" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Create client" }).click();
  await page.getByText("Name is required").first().waitFor();
  await page.getByRole("dialog").getByLabel("Name").fill("Nightly report");
  await page.getByRole("dialog").getByRole("button", { name: "Create client" }).click();
  const once = page.getByRole("dialog", { name: "Nightly report" });
  await once.getByText("It is not shown again.").waitFor();
  const secret = await once.locator("code").nth(1).textContent();
  await accessible(page, "a client's secret");
  await once.getByRole("button", { name: "Done" }).click();
  await accessible(page, "OAuth clients");
  await shoot(page, "settings clients");

  const menu = async (item) => {
    await page.getByRole("button", { name: "Actions for Nightly report" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Get a token");
  await page.getByLabel("Client secret").fill("wrong");
  await page.getByRole("button", { name: "Get a token" }).click();
  await page.getByText("It is not the secret of this client.").first().waitFor();
  await page.getByLabel("Client secret").fill(secret);
  await page.getByRole("button", { name: "Get a token" }).click();
  const token = await page.getByRole("dialog").locator("code").textContent();
  const authorized = () => page.request.get("/v1.0/accounts", { headers: { Authorization: `Bearer ${token}` } });
  assert.equal((await authorized()).status(), 200);
  await page.getByRole("button", { name: "Done" }).click();

  await menu("Access tokens");
  const tokens = page.getByRole("dialog", { name: "Access tokens of Nightly report" });
  await tokens.getByRole("cell", { name: "All accounts" }).waitFor();
  await accessible(page, "access tokens");
  await shoot(page, "settings tokens");
  await smallAndDark(page, "access tokens");
  await tokens.getByRole("button", { name: "End" }).click();
  await page.getByRole("dialog", { name: "End this access token" }).getByRole("button", { name: "End" }).click();
  await tokens.getByText("No token works at present.").waitFor();
  assert.equal((await authorized()).status(), 401);
  await tokens.getByRole("button", { name: "Close" }).click();

  await menu("New secret");
  await page.getByText("stop working at once").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
  await page.getByText("It is not shown again.").waitFor();
  assert.notEqual(await page.getByRole("dialog").locator("code").nth(1).textContent(), secret);
  await page.getByRole("button", { name: "Done" }).click();
  await menu("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nightly report deleted").waitFor();
  await page.getByRole("button", { name: "Actions for Nightly report" }).waitFor({ state: "detached" });
});

journey("looks after the team", async (page) => {
  const email = `bert-${Date.now()}@acme.example`;
  await page.goto("/console/settings/users");
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email").fill("not an address");
  await dialog.getByRole("button", { name: "Send the invitation" }).click();
  await dialog.getByText("is not an email address").first().waitFor();
  await dialog.getByLabel("Email").fill(email);
  await dialog.getByLabel("Name").fill("Bert");
  await dialog.getByRole("radio", { name: "Accounts: Edit" }).check();
  await dialog.getByRole("radio", { name: "Reports: View" }).check();
  await accessible(page, "permissions");
  await shoot(page, "settings permissions");
  await dialog.getByRole("button", { name: "Send the invitation" }).click();
  const link = page.getByRole("dialog", { name: "Pass this link on" });
  await link.getByText("/console/invitation#").waitFor();
  await link.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row", { name: "Bert" });
  await row.getByText("Accounts: Edit").waitFor();
  await row.getByText("Invited").waitFor();
  await accessible(page, "console users");
  await shoot(page, "settings team");
  await searched(page, "Search by name or email", email.toUpperCase(), row);

  const menu = async (item) => {
    await row.getByRole("button", { name: "Actions for Bert" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Send it again");
  await link.getByRole("button", { name: "Done" }).click();
  await menu("Edit");
  await dialog.getByRole("switch", { name: "Full Access" }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await row.getByText("Full Access").waitFor();
  await menu("Take the invitation back");
  await page.getByText("does not work any more").waitFor();
  await dialog.getByRole("button", { name: "Take the invitation back" }).click();
  await page.getByText("Bert removed").waitFor();
  await row.waitFor({ state: "detached" });
});

journey("says who may come in", async (page) => {
  await page.goto("/console/settings/security");
  const networks = page.getByLabel("Networks for the console");
  await networks.fill("198.51.100.0/24");
  await save(page).first().click();
  await page.getByText("127.0.0.1").first().waitFor();
  await networks.fill("127.0.0.0/8\n198.51.100.0/24");
  await save(page).first().click();
  await saved(page);
  await networks.fill("");
  await save(page).first().click();
  await page.getByRole("button", { name: "Discard changes" }).waitFor({ state: "detached" });

  await page.getByLabel("Issuer").fill("https://127.0.0.1:1");
  await page.getByLabel("Client ID").fill("tandem");
  await page.getByLabel("Client secret").fill("a secret of the provider");
  await page.getByLabel("Domains").fill("acme.example");
  await save(page).nth(1).click();
  const test = page.getByRole("button", { name: "Test", exact: true });
  await test.click();
  await page.getByText("connection refused").waitFor();
  await page.getByText("This one").waitFor();
  await accessible(page, "security");
  await shoot(page, "settings security");
  await page.getByLabel("Issuer").fill("");
  await save(page).nth(1).click();
  await test.waitFor({ state: "detached" });

  await page.goto("/console/profile");
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  await page.getByText("This one").waitFor();
  await accessible(page, "the profile");
  await shoot(page, "settings profile");
});

journey(
  "reads the audit log, in the dark",
  async (page) => {
    await send(page, "PUT", "/v1.0/accounts/brighton", { Description: "By the sea" });
    await page.goto("/console/settings/audit");
    await page.getByLabel("Search in any text").fill("By the sea");
    await page.getByRole("button", { name: "Update account" }).click();
    const entry = page.getByRole("dialog", { name: "Update account" });
    await entry.getByText("By the sea").waitFor();
    await accessible(page, "an entry of the audit log");
    await shoot(page, "settings audit entry");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "Filters", exact: true }).click();
    await page.getByLabel("Action").fill("nothingOfTheKind");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Nothing matches these filters").waitFor();
    assert.match(page.url(), /action=nothingOfTheKind/);
    await page.getByRole("button", { name: "Clear filters" }).last().click();
    const csv = await page.getByRole("link", { name: "CSV" }).getAttribute("href");
    assert.match(await (await page.request.get(csv)).text(), /^Id,CreatedOnUtc/);

    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Verify" }).click();
    await page.getByText(/^Nothing was changed: /).waitFor();
    await accessible(page, "the audit log's proof");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Update account" }).first().waitFor();
    await accessible(page, "the audit log");
    await shoot(page, "settings audit");
  },
  { scheme: "dark" },
);

journey(
  "fits a phone, and says what could not be loaded",
  async (page) => {
    for (const path of ["general", "appearance", "notifications", "clients", "users", "security", "audit"]) {
      await page.goto(`/console/settings/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.getByRole("main").locator("table, form").first().waitFor();
      assert.equal(await beside(page), 0, `${path} is wider than the screen`);
      await shoot(page, `settings phone ${path}`);
    }
    await page.goto("/console/settings/clients");
    await page.getByRole("button", { name: "Actions for First client" }).click();
    await page.getByRole("menuitem", { name: "Access tokens" }).click();
    const tokens = page.getByRole("dialog", { name: "Access tokens of First client" });
    await tokens.getByRole("button", { name: "End" }).first().waitFor();
    await accessible(page, "access tokens on a phone in the dark");
    await shoot(page, "settings phone tokens");
    await page.route("**/v1.0/oauthclients*", (route) =>
      route.fulfill({ status: 500, json: { Message: "It broke." } }),
    );
    await page.goto("/console/settings/clients");
    await page.getByText("It broke.").waitFor();
    await page.unroute("**/v1.0/oauthclients*");
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("table").waitFor();
  },
  { width: 360, height: 740, scheme: "dark" },
);
