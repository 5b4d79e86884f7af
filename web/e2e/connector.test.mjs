import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { accessible, ask, shoot } from "./browser.mjs";
import { beside, escaped, journeys, send, smallAndDark } from "./journey.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);

const dialog = (page) => page.getByRole("dialog");
const said = (page, text) => page.getByRole("status").getByText(text).waitFor();
const part = (page, name) => page.getByRole("region", { name, exact: true });

/** What the API answers to who is signed in, in an account. */
async function act(page, account, method, path, data) {
  const answer = await page.request.fetch(path, { method, data, headers: { "X-Cyclr-Account": account } });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return (await answer.body()).length ? answer.json() : undefined;
}

/** An account of its own. */
async function account(page, name) {
  const Id = `${name}-${run}`;
  await send(page, "POST", "/v1.0/accounts", { Id, Name: `Shop ${name}`, Timezone: "Europe/London" });
  return Id;
}

/** Opens what can be done with the connector as a whole, and does it. */
async function choose(page, of, item) {
  await page
    .getByRole("button", { name: `More for ${of}`, exact: true })
    .first()
    .click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

journey("installs a connector, sets it up, and removes it", async (page, { account: shown }) => {
  const here = await account(page, "install");
  const crm = (await ask(page, { account: shown }, "/v1.0/account/connectors")).find((c) => c.Name === "Bookshelf CRM");
  await page.goto(`/console/accounts/${here}/connectors`);
  await page.getByText("No connectors in this account").waitFor();
  await accessible(page, "an account without connectors");
  await shoot(page, "connector-empty");

  await page.getByRole("button", { name: "Install connector" }).click();
  await dialog(page).getByRole("searchbox").fill("nothing like it");
  await dialog(page).getByText("No connector matches.").waitFor();
  await dialog(page).getByRole("searchbox").fill("contacts");
  await dialog(page).getByLabel("Category").selectOption("CRM");
  await dialog(page)
    .getByRole("radio", { name: /^Bookshelf CRM/ })
    .click();
  await dialog(page).getByLabel("Name").fill("Front desk");
  await accessible(page, "the dialog to install");
  await shoot(page, "connector-install");
  await dialog(page).getByRole("button", { name: "Install", exact: true }).click();
  await page.getByRole("heading", { name: "Front desk", level: 1 }).waitFor();

  await part(page, "Settings").getByLabel("Address").fill(crm.Properties[0].Value);
  await part(page, "Settings").getByRole("button", { name: "Save" }).click();
  await said(page, "Saved");
  const credentials = part(page, "Credentials");
  await credentials.getByRole("button", { name: "Authenticate" }).click();
  await credentials.getByText("This is required.").waitFor();
  await credentials.getByLabel("API key").fill("e2e-crm-key");
  await accessible(page, "a connector without credentials");
  await shoot(page, "connector-credentials");
  await credentials.getByRole("button", { name: "Authenticate" }).click();
  await said(page, "Front desk is authenticated");
  await credentials.getByText("API key: kept encrypted").waitFor();
  const { Id } = (await act(page, here, "GET", "/v1.0/account/connectors"))[0];
  const kept = await act(page, here, "GET", `/v1.0/account/connectors/${Id}`);
  assert.deepEqual([kept.AuthenticationState, kept.Properties[0].Value], ["Authenticated", crm.Properties[0].Value]);

  await choose(page, "Front desk", "Try a method");
  await dialog(page).getByLabel("Method").selectOption({ label: "Get Contact" });
  await dialog(page).getByRole("button", { name: "Call" }).click();
  await dialog(page).getByRole("status").getByText("Error").waitFor();
  await dialog(page).getByLabel("Method").selectOption({ label: "List Contacts" });
  await dialog(page).getByRole("button", { name: "Call" }).click();
  await dialog(page).getByRole("region", { name: "Body of the response" }).getByText("ada@example.com").waitFor();
  await accessible(page, "a method that was tried");
  await shoot(page, "connector-try");
  await escaped(page, dialog(page));

  await choose(page, "Front desk", "Rename");
  await dialog(page).getByLabel("Name").fill("Back office");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Back office", level: 1 }).waitFor();

  await choose(page, "Back office", "Setup link");
  await dialog(page).getByLabel("It works for").selectOption("60");
  await dialog(page).getByRole("button", { name: "Make the link" }).click();
  const link = await dialog(page).locator("code").textContent();
  assert.match(link, /\/connectorauth\/setup\?token=/);
  await accessible(page, "a setup link");
  await shoot(page, "connector-setup");
  await dialog(page).getByRole("button", { name: "Close" }).last().click();

  await choose(page, "Back office", "Forget credentials");
  await dialog(page).getByRole("button", { name: "Forget credentials" }).click();
  await said(page, "are deleted");
  await credentials.getByRole("button", { name: "Authenticate" }).waitFor();
  await choose(page, "Back office", "Remove");
  await dialog(page).getByText("No cycle of this account uses it.").waitFor();
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await page.getByText("No connectors in this account").waitFor();
});

journey("adds custom fields by hand and of a sample", async (page) => {
  const here = await account(page, "fields");
  const { Id } = await act(page, here, "POST", "/v1.0/connectors/Bookshelf%20CRM/install", {});
  await page.goto(`/console/accounts/${here}/connectors/${Id}`);
  const fields = part(page, "Custom fields");
  await fields.getByRole("button", { name: "Add field" }).click();
  await dialog(page).getByRole("button", { name: "Add field" }).click();
  await dialog(page).getByRole("alert").getByText("ConnectorField").waitFor();
  await dialog(page).getByLabel("Location").fill("loyalty.points");
  await dialog(page).getByLabel("Display name").fill("Loyalty points");
  await dialog(page).getByLabel("Type").selectOption("Integer");
  await accessible(page, "the dialog of a custom field");
  await dialog(page).getByRole("button", { name: "Add field" }).click();
  await said(page, "Loyalty points is added");

  await fields.getByRole("button", { name: "From a sample" }).click();
  await dialog(page).getByLabel("Method").selectOption({ label: "Get Contact" });
  await dialog(page).getByLabel("JSON document").fill("{not json");
  await dialog(page).getByRole("button", { name: "Find fields" }).click();
  await dialog(page).getByRole("alert").getByText("it is not JSON").waitFor();
  await dialog(page).getByLabel("JSON document").fill('{"shoe_size": 43, "colour": "green"}');
  await dialog(page).getByRole("button", { name: "Find fields" }).click();
  await dialog(page).getByText("2 new fields").waitFor();
  await accessible(page, "fields that were found");
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await fields.getByRole("table").getByText("shoe_size").first().waitFor();
  await fields.getByRole("button", { name: "Discover" }).click();
  await dialog(page).getByLabel("Method").selectOption({ label: "Get Contact" });
  await dialog(page).getByRole("button", { name: "Ask" }).click();
  await dialog(page).getByRole("alert").locator("p").waitFor();
  await escaped(page, dialog(page));

  await choose(page, "Loyalty points", "Remove");
  await said(page, "Loyalty points is removed");
  await accessible(page, "a connector with custom fields");
  await shoot(page, "connector-fields");
});

/** A third party with OAuth, whose people say yes unless asked to say no. */
async function thirdParty(answer) {
  const server = createServer((request, response) => {
    const { pathname, searchParams: q } = new URL(request.url, "http://x");
    if (pathname === "/token") {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ access_token: "at", token_type: "Bearer", expires_in: 86400 }));
      return;
    }
    const back = new URL(q.get("redirect_uri"));
    back.searchParams.set("state", q.get("state"));
    for (const [name, value] of Object.entries(answer())) back.searchParams.set(name, value);
    response.writeHead(302, { Location: back.href });
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((r) => server.once("listening", r));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** A connector of it, live in the library. */
async function withOAuth(page, here, name, url) {
  const custom = "/v1.0/account/connectors/custom";
  const { Id } = await act(page, here, "POST", custom, {
    Name: name,
    Version: "1.0",
    UniqueIdentifier: randomUUID(),
    Authentication: [
      {
        Name: "Account",
        AuthType: "OAuth2",
        OAuth2Type: "AuthorisationCode",
        AuthoriseUrl: `${url}/authorise`,
        AccessTokenUrl: `${url}/token`,
      },
    ],
    Methods: [
      {
        Name: "Get",
        MethodUniqueIdentifier: randomUUID(),
        MethodType: "Action",
        HttpMethod: "GET",
        Endpoint: `${url}/me`,
        ResponseDataType: "Json",
      },
    ],
  });
  const live = await act(page, here, "POST", `${custom}/${Id}/promote`, { Kind: "Major" });
  await send(page, "PUT", `/v1.0/connectors/${live.Id}/settings`, { ClientId: "c", ClientSecret: "s" });
  return live.Id;
}

journey("signs in at a third party in a window of its own", async (page) => {
  let answer = { error: "access_denied", error_description: "Not today" };
  const party = await thirdParty(() => answer);
  try {
    const here = await account(page, "oauth");
    const name = `Guarded ${run}`;
    const id = await withOAuth(page, here, name, party.url);
    const { Id } = await act(page, here, "POST", `/v1.0/connectors/${id}/install`, {});
    await page.goto(`/console/accounts/${here}/connectors/${Id}`);
    const credentials = part(page, "Credentials");
    const go = credentials.getByRole("button", { name: `Sign in at ${name}` });
    let opening = page.context().waitForEvent("page");
    await go.click();
    await (await opening).getByText("did not agree").waitFor();
    await credentials.getByRole("alert").getByText("access_denied: Not today").waitFor();
    await accessible(page, "a sign-in that was refused");
    await shoot(page, "connector-refused");
    await (await opening).close();

    answer = { code: "yes" };
    opening = page.context().waitForEvent("page");
    await go.click();
    await opening;
    await said(page, `${name} is authenticated`);
    // It ends in a day, and there is nothing to renew it with.
    await page.getByText("Ends", { exact: true }).waitFor();
    await shoot(page, "connector-expiring");
  } finally {
    party.close();
  }
});

journey("looks through the library", async (page) => {
  await page.goto("/console/connectors");
  const table = page.getByRole("table", { name: "Connector Library" });
  await table.getByRole("link", { name: "Bookshelf CRM" }).waitFor();
  await accessible(page, "the library of connectors");
  await shoot(page, "library");
  await page.getByLabel("Category", { exact: true }).selectOption("CRM");
  await page.waitForURL(/category=CRM/);
  await page.getByRole("searchbox", { name: "Search connectors" }).fill("nothing like it");
  await page.getByText("Nothing matches these filters").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await page.getByRole("searchbox", { name: "Search connectors" }).fill("bookshelf");
  await page.waitForURL(/query=bookshelf/);
  await table.getByRole("link", { name: "Bookshelf CRM" }).click();
  await page.getByRole("heading", { name: "Bookshelf CRM", level: 1 }).waitFor();
  const methods = part(page, /^Methods/);
  await methods.getByRole("searchbox").fill("list contacts");
  await methods.getByText("Get Contact", { exact: true }).waitFor({ state: "detached" });
  await methods.getByText("List Contacts", { exact: true }).click();
  await methods.getByText("/api/contacts").waitFor();
  await methods.getByText("[contacts].email").waitFor();
  await accessible(page, "a connector of the library");
  await shoot(page, "library-connector");
  await page.goto("/console/connectors/987654321");
  await page.getByText("There is nothing here").waitFor();
  await page.route("**/v1.0/connectors?*", (r) => r.fulfill({ status: 403, json: { Message: "Not for you." } }));
  await page.goto("/console/connectors");
  await page.getByText("Not for you.").waitFor();
  await page.unroute("**/v1.0/connectors?*");
  await page.getByRole("button", { name: "Retry" }).click();
  await table.getByRole("link").first().waitFor();
});

journey("says which connector of templates is the partner's own product", async (page) => {
  const here = await account(page, "native");
  await page.goto("/console/templates/connectors");
  const native = page.getByRole("switch", { name: "Postbag is your own product" });
  await native.click({ force: true });
  await said(page, "Postbag is your own product now");
  await accessible(page, "the connectors of templates");
  await shoot(page, "template-connectors");
  const installed = await act(page, here, "POST", "/v1.0/connectors/Postbag/install", {});
  assert.equal(installed.IsPartnerIntegrationConnector, true);
  await page.goto(`/console/accounts/${here}/connectors/${installed.Id}`);
  await page.getByText("Your product", { exact: true }).waitFor();
  await page.goBack();
  await native.click({ force: true });
  await said(page, "Postbag is not your own product any more");
  const none = { json: [], headers: { "Total-Pages": "0", "Total-Records": "0" } };
  await page.route("**/v1.0/templates/connectors?*", (r) => r.fulfill(none));
  await page.reload();
  await page.getByText("No template uses a connector yet").waitFor();
});

journey("has methods for an account's own kinds of objects", async (page) => {
  const asked = [];
  const third = createServer((request, answer) => {
    asked.push(request.url);
    answer.writeHead(200, { "Content-Type": "application/json" }).end('[{"name":"deal__c","label":"Deal"}]');
  }).listen(0, "127.0.0.1");
  try {
    await once(third, "listening");
    const here = await account(page, "objects");
    const method = (Name, more) => ({
      Name,
      MethodUniqueIdentifier: randomUUID(),
      MethodType: "Action",
      HttpMethod: "GET",
      EndPoint: `http://127.0.0.1:${third.address().port}/`,
      ResponseDataType: "Json",
      ...more,
    });
    const made = await send(page, "POST", "/v1.0/account/connectors/custom", {
      Name: `Kinds ${run}`,
      UniqueIdentifier: randomUUID(),
      ReleaseStatus: "Live",
      MethodCategories: [{ Name: "Objects", ObjectTrigger: "Types" }],
      Triggers: [{ Name: "Types", Method: "List types", IdentifierKey: "[].name", HumanReadableKey: "[].label" }],
      Methods: [
        method("List types"),
        method("Find", {
          Category: "Objects",
          Parameters: [{ Name: "of", DisplayName: "Related to", TargetType: "QueryString", Trigger: "Types" }],
        }),
      ],
    });
    const of = await act(page, here, "POST", `/v1.0/connectors/${made.Id}/install`, {});
    await page.goto(`/console/accounts/${here}/connectors/${of.Id}`);
    const objects = part(page, "Custom objects");
    await objects.getByLabel("Object for Objects").selectOption({ label: "Deal" });
    await objects.getByRole("button", { name: "Add" }).click();
    await said(page, "Deal is added");
    await smallAndDark(page, "custom objects");
    const found = (all) => all.some((m) => m.Name === "Find (deal__c)");
    assert.ok(found(await ask(page, { account: here }, `/v1.0/account/connectors/${of.Id}/methods`)));

    await choose(page, of.Name, "Try a method");
    await dialog(page).getByLabel("Method").selectOption({ label: "Find (deal__c)" });
    await dialog(page).getByLabel("Related to").fill("dea");
    await page.getByRole("option", { name: /^Deal/ }).click();
    await dialog(page).getByText("Deal", { exact: true }).first().waitFor();
    await accessible(page, "a value that was chosen by its name");
    await dialog(page).getByRole("button", { name: "Call" }).click();
    await dialog(page).getByRole("region", { name: "Body of the response" }).waitFor();
    assert.match(asked.at(-1), /of=deal__c/);
    await shoot(page, "connector-lookup");
    await smallAndDark(page, "a method that takes a choice");
    await escaped(page, dialog(page));
    await objects.getByRole("button", { name: "Remove Deal" }).click();
    await objects.getByRole("listitem").waitFor({ state: "detached" });
    assert.ok(!found(await ask(page, { account: here }, `/v1.0/account/connectors/${of.Id}/methods`)));
  } finally {
    third.close();
  }
});

journey(
  "fits a phone, in the dark, and shows what is inherited",
  async (page, { account: parent }) => {
    await page.goto(`/console/accounts/${parent}/connectors`);
    await page.getByRole("table", { name: "Connectors" }).getByRole("link").first().waitFor();
    assert.equal(await beside(page), 0, "the connectors are too wide");
    await accessible(page, "the connectors of an account on a phone");
    await shoot(page, "connectors-phone");
    await page.goto("/console/accounts/brighton/connectors");
    await page.getByRole("link", { name: "Bookshelf CRM" }).click();
    await page.getByText("It belongs to an account above.").waitFor();
    for (const act of ["Save", "Authenticate", "Change", "Add field"]) {
      assert.equal(await page.getByRole("button", { name: act, exact: true }).count(), 0, act);
    }
    assert.equal(await beside(page), 0, "an inherited connector is too wide");
    await accessible(page, "an inherited connector on a phone");
    await page.goto("/console/connectors");
    await page.getByRole("link", { name: "Bookshelf CRM" }).click();
    await part(page, /^Methods/)
      .getByText("List Contacts", { exact: true })
      .click();
    assert.equal(await beside(page), 0, "a connector of the library is too wide");
    await accessible(page, "a connector of the library on a phone");
    await shoot(page, "library-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);

journey("says what is wrong with credentials, and which steps need them", async (page, { account: here }) => {
  const crm = (await ask(page, { account: here }, "/v1.0/account/connectors")).find((c) => c.Name === "Bookshelf CRM");
  const note = "The third party refused the credentials at 2026-11-22T12:00:00Z (401). If it goes on, give them again.";
  const failing = { ...crm, AuthenticationNote: note };
  await page.route("**/v1.0/account/connectors?*", (r) => r.fulfill({ json: [failing] }));
  await page.route(`**/v1.0/account/connectors/${crm.Id}`, (r) =>
    r.request().method() === "GET" ? r.fulfill({ json: failing }) : r.fallback(),
  );
  await page.goto(`/console/accounts/${here}/connectors`);
  await page.getByRole("table").getByText("Failing").waitFor();
  await page.getByRole("link", { name: "Bookshelf CRM" }).click();
  await page.getByRole("alert").getByText("refused the credentials").waitFor();
  const uses = part(page, "Used by");
  await uses.getByRole("link", { name: "New CRM contact → mailing list" }).waitFor();
  await accessible(page, "a connector that fails");
  await shoot(page, "connector");
  await choose(page, "Bookshelf CRM", "Remove");
  await dialog(page).getByText("1 cycle with 1 step of this account use it:").waitFor();
  await accessible(page, "the dialog to remove a connector");
  await shoot(page, "connector-remove");
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await dialog(page).getByRole("alert").getByText("in use by an active cycle").waitFor();
});
