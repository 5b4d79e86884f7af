import assert from "node:assert/strict";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, searched, send } from "./journey.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);
const path = "/v1.0/account/connectors/custom";

const dialog = (page) => page.getByRole("dialog");
const said = (page, text) => page.getByRole("status").getByText(text).first().waitFor();
const section = (page, name) =>
  page.getByRole("navigation", { name: "Parts of the connector" }).getByRole("link", { name, exact: true }).click();
const save = async (page) => {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await said(page, "Saved");
  await page.getByRole("button", { name: "Discard" }).waitFor({ state: "detached" });
};
const begin = async (page, way) => {
  await page.goto("/console/connectors/custom");
  await page.getByRole("button", { name: "New connector" }).click();
  await page.getByRole("menuitem", { name: way, exact: true }).click();
};
const written = async (page, label, text) => {
  const editor = page.getByRole("textbox", { name: label, exact: true });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Backspace");
  await page.keyboard.insertText(text);
};

/** A connector of the sample CRM, the API's way. */
const made = (page, name, more = {}) =>
  send(page, "POST", path, {
    Name: name,
    UniqueIdentifier: crypto.randomUUID(),
    Authentication: [{ Name: "API key", AuthType: "ApiKey", TargetName: "X-Api-Key" }],
    Parameters: [{ Name: "BaseUrl", DisplayName: "Address", TargetType: "MergeField", AccountConnectorProperty: true }],
    Methods: [
      {
        Name: "List Contacts",
        MethodUniqueIdentifier: crypto.randomUUID(),
        MethodType: "Action",
        HttpMethod: "GET",
        EndPoint: "{{BaseUrl}}/api/contacts",
        ResponseDataType: "Json",
      },
    ],
    ...more,
  });

/** Where the sample CRM of the stage is: its connector knows. */
async function crmAt(page, account) {
  const headers = { "X-Cyclr-Account": account };
  const all = await (await page.request.get("/v1.0/account/connectors", { headers })).json();
  const crm = all.find((c) => c.Name === "Bookshelf CRM");
  return crm.Properties.find((p) => p.Name === "BaseUrl").Value;
}

journey("builds a connector from nothing, tries it, and pushes it live", async (page, { account }) => {
  const name = `My contacts ${run}`;
  await begin(page, "Empty connector");
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await dialog(page).getByRole("alert").getByText("Name").first().waitFor();
  await accessible(page, "a new connector, refused");
  await dialog(page).getByLabel("Name").fill(name);
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: `${name} 1.0`, level: 1 }).waitFor();
  await accessible(page, "the settings of a connector");
  await shoot(page, "workshop-settings");

  await section(page, "Authentication");
  await page.getByRole("table").getByRole("button", { name: "API key", exact: true }).click();
  await dialog(page).getByLabel("Under the name").fill("X-Api-Key");
  await accessible(page, "a way to authenticate");
  await shoot(page, "workshop-authentication");
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await save(page);

  await section(page, "Methods");
  await page.getByText("No methods yet").waitFor();
  await page.getByRole("button", { name: "Add a method" }).click();
  await page.getByLabel("Name", { exact: true }).first().fill("List Contacts");
  await page.getByLabel("Endpoint").fill("{{BaseUrl}}/api/contacts");
  await page.getByRole("button", { name: "Add a parameter" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill("page");
  await dialog(page).getByLabel("Goes to").selectOption("QueryString");
  await dialog(page).getByLabel("Default").fill("1");
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await save(page);
  await page.getByRole("heading", { name: "List Contacts", level: 2 }).waitFor();
  await accessible(page, "a method");
  await shoot(page, "workshop-method");

  await page.getByRole("button", { name: "Test", exact: true }).click();
  await page.getByLabel("Account", { exact: true }).fill(account);
  await page.getByRole("textbox", { name: "Credentials to use" }).fill("wrong");
  await page
    .getByLabel("BaseUrl")
    .or(page.getByLabel("Address"))
    .first()
    .fill(await crmAt(page, account));
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("HTTP 401").waitFor();
  await page.getByRole("textbox", { name: "Credentials to use" }).fill("e2e-crm-key");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("HTTP 200").waitFor();
  await page.getByText("ada@example.com").first().waitFor();
  await accessible(page, "a method that was tried");
  await shoot(page, "workshop-trial");

  await page.getByRole("button", { name: "Push live" }).click();
  await dialog(page).getByLabel("Notes").fill("The first.");
  await dialog(page).getByRole("button", { name: "Push live" }).click();
  await said(page, `${name} 1.0 is live`);
  await section(page, "Releases");
  await page.getByRole("table", { name: "Releases" }).getByText("The first.").waitFor();

  await page.getByRole("button", { name: "Begin a draft" }).click();
  await page.getByRole("heading", { name: /1\.1|2\.0|2$/, level: 1 }).waitFor();
  await section(page, "Releases");
  await page.getByRole("button", { name: "Compare" }).click();
  await dialog(page).getByRole("textbox", { name: "After" }).waitFor();
  await accessible(page, "two releases compared");
  await shoot(page, "workshop-compare");
});

journey("says at a field what the server cannot use, and keeps what others have changed", async (page) => {
  const { Id, Methods } = await made(page, `Wrong ${run}`);
  await page.goto(`/console/connectors/custom/${Id}?section=json`);
  const editor = page.getByRole("textbox", { name: "JSON" });
  await editor.waitFor();
  await written(page, "JSON", "{");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("This is not a definition").waitFor();
  await accessible(page, "JSON that is none");
  await section(page, "Methods");
  await dialog(page).getByText("Unsaved").or(dialog(page)).first().waitFor();
  await dialog(page).getByRole("button", { name: /Leave/ }).click();

  await page.getByRole("link", { name: "List Contacts" }).click();
  const answer = page.getByLabel("Body that comes back");
  await answer.waitFor();
  await send(page, "PUT", `${path}/${Id}`, { Methods: [{ ...Methods[0], ResponseDataType: "Edifact" }] });
  await page.reload();
  const wrong = page.getByText(/in the definition cannot be used/);
  await wrong.waitFor();
  assert.equal(await answer.getAttribute("aria-invalid"), "true");
  await answer.scrollIntoViewIfNeeded();
  await accessible(page, "a method with a problem");
  await shoot(page, "workshop-problem");
  await answer.selectOption("Json");
  await save(page);
  await wrong.waitFor({ state: "detached" });

  await send(page, "PUT", `${path}/${Id}`, { Description: "Theirs." });
  await page.getByLabel("Endpoint").fill("{{BaseUrl}}/mine");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("Somebody else has changed the connector").waitFor();
  await page.getByRole("button", { name: "Discard mine and load theirs" }).click();
  await page.getByText("Your changes were not saved").waitFor({ state: "detached" });
  await section(page, "Settings");
  await page.getByLabel("Unique identifier").waitFor();
  assert.equal(await page.getByLabel("Description").inputValue(), "Theirs.");
});

journey("generates a connector from an OpenAPI document, of which some is wanted", async (page) => {
  const name = `Orders ${run}`;
  const document = {
    openapi: "3.0.3",
    info: { title: "Orders", version: "2" },
    servers: [{ url: "https://orders.example.com" }],
    paths: {
      "/orders": {
        get: { operationId: "listOrders", summary: "List orders", responses: {} },
        post: { operationId: "addOrder", summary: "Add an order", responses: {} },
      },
    },
  };
  const file = (text) => ({ name: "openapi.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await begin(page, "From OpenAPI");
  await dialog(page).locator("input[type=file]").setInputFiles(file("{}"));
  await dialog(page).getByRole("button", { name: "Preview" }).click();
  await dialog(page).getByRole("alert").getByText("cannot be imported").first().waitFor();
  await dialog(page)
    .locator("input[type=file]")
    .setInputFiles(file(JSON.stringify(document)));
  await dialog(page).getByLabel("Name").fill(name);
  await dialog(page).getByRole("button", { name: "Preview" }).click();
  await dialog(page).getByRole("button", { name: "Import 2 methods" }).waitFor();
  await accessible(page, "what would be imported");
  await shoot(page, "workshop-preview");
  await dialog(page).getByLabel("Add an order").uncheck();
  await dialog(page).getByRole("button", { name: "Import 1 method" }).click();
  await page.getByRole("heading", { name: `${name} 2`, level: 1 }).waitFor();
  await section(page, "Methods");
  await page.getByRole("link", { name: "List orders" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Add an order" }).count(), 0);

  await begin(page, "Copy of another");
  await dialog(page)
    .getByLabel("Copy of")
    .selectOption({ label: `${name} 2` });
  await dialog(page).getByLabel("Name").fill(`Copy of ${name}`);
  await dialog(page).getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: `Copy of ${name} 1.0`, level: 1 }).waitFor();
  await page.getByRole("button", { name: `More for Copy of ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await page.getByRole("table", { name: "Custom Connectors" }).waitFor();
  await said(page, "is deleted");
  await accessible(page, "the custom connectors");
  await shoot(page, "workshop-list");
});

journey("tries a script, and says where it is wrong", async (page) => {
  await page.goto("/console/connectors/scripts");
  await page.getByRole("textbox", { name: "Script", exact: true }).waitFor();
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("The handler goes on.").waitFor();
  await written(page, "Script", "function after_action() {\n  console.log('seen');\n  return nothing.here;\n}\n");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText(/^Line 3: /).waitFor();
  await page.getByText("seen", { exact: true }).waitFor();
  await accessible(page, "a script that fails");
  await shoot(page, "workshop-script");
  await written(page, "What the script sees", "[]");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("alert").getByText("The input is not a JSON object").waitFor();
});

journey("says that there is none yet, and that they could not be loaded", async (page) => {
  const none = { json: [], headers: { "Total-Pages": "0", "Total-Records": "0" } };
  await page.route(`**${path}?*`, (r) => r.fulfill(none));
  await page.goto("/console/connectors/custom");
  await page.getByText("No custom connectors yet").waitFor();
  assert.equal(await page.getByRole("searchbox").count(), 0, "there is nothing to search");
  await accessible(page, "no custom connectors");
  await page.unroute(`**${path}?*`);
  await page.route(`**${path}?*`, (r) => r.fulfill({ status: 403, json: { Message: "Not for you." } }));
  await page.reload();
  await page.getByText("Not for you.").waitFor();
});

journey(
  "fits a phone, in the dark",
  async (page) => {
    const { Id, Methods } = await made(page, `Phone ${run}`);
    await page.goto("/console/connectors/custom");
    await page.getByRole("link", { name: `Phone ${run}` }).waitFor();
    await searched(page, "Search connectors", `phone ${run}`, page.getByRole("row", { name: `Phone ${run}` }));
    assert.equal(await beside(page), 0, "the list is too wide");
    await accessible(page, "custom connectors on a phone, in the dark");
    await shoot(page, "workshop-list-phone");
    await page.goto(`/console/connectors/custom/${Id}?section=methods&method=${Methods[0].MethodUniqueIdentifier}`);
    await page.getByRole("textbox", { name: "Script", exact: true }).waitFor();
    assert.equal(await beside(page), 0, "a method is too wide");
    await accessible(page, "a method on a phone");
    await shoot(page, "workshop-phone");
    await page.goto("/console/connectors/scripts");
    await page.getByRole("textbox", { name: "Script", exact: true }).waitFor();
    assert.equal(await beside(page), 0, "the script's page is too wide");
    await accessible(page, "a script on a phone, in the dark");
    await shoot(page, "workshop-script-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);
