import assert from "node:assert/strict";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, send } from "./journey.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);

const dialog = (page) => page.getByRole("dialog");
const said = (page, text) => page.getByRole("status").getByText(text).waitFor();
const choose = async (page, row, item) => {
  await page.getByRole("button", { name: `Actions for ${row}`, exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

journey("adds accounts, refuses an ID in use, suspends, deletes and restores", async (page, settings) => {
  const id = `fern-${run}`;
  const name = `Fern ${run}`;
  await page.goto("/console/accounts");
  await page.getByRole("button", { name: "Add account" }).click();
  await dialog(page).getByLabel("API ID").fill(settings.account);
  await dialog(page).getByRole("button", { name: "Create account" }).click();
  await dialog(page).getByLabel("Name").and(page.locator("[aria-invalid=true]")).waitFor();
  await accessible(page, "a refused account");
  await dialog(page).getByLabel("Name").fill(name);
  await dialog(page).getByRole("button", { name: "Create account" }).click();
  await dialog(page).getByLabel("API ID").and(page.locator("[aria-invalid=true]")).waitFor();
  await shoot(page, "account refused");
  await dialog(page).getByLabel("API ID").fill(id);
  await dialog(page).getByRole("button", { name: "Create account" }).click();
  await said(page, `${name} added`);
  await page.getByRole("link", { name, exact: true }).waitFor();

  await choose(page, name, "Add sub-account");
  await dialog(page).getByLabel("Name").fill(`Below ${run}`);
  await dialog(page).getByRole("button", { name: "Create account" }).click();
  await page.getByRole("link", { name: `Below ${run} (Sub-account of ${name})` }).waitFor();
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole("menuitem", { name: "Suspend" }).waitFor();
  await accessible(page, "the menu of an account");
  await shoot(page, "account menu");
  await page.getByRole("menuitem", { name: "Suspend" }).click();
  await dialog(page).getByText("Its sub-account is not suspended.").waitFor();
  await dialog(page).getByRole("button", { name: "Suspend" }).click();
  await said(page, `${name} suspended`);
  assert.equal((await send(page, "GET", `/v1.0/accounts/${id}`)).Enabled, false);

  await choose(page, name, "Delete");
  const remove = dialog(page).getByRole("button", { name: "Delete account" });
  await dialog(page).getByText("Delete its sub-account, and all below that, too").click();
  await shoot(page, "account delete");
  await accessible(page, "the deletion of an account");
  await remove.click();
  await said(page, `${name} deleted`);
  await page.getByRole("link", { name: "Recycle bin" }).click();
  await page.getByRole("button", { name: `Restore ${name}` }).waitFor();
  await accessible(page, "the recycle bin");
  await shoot(page, "bin");
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  await dialog(page).getByRole("button", { name: "Restore", exact: true }).click();
  await said(page, `${name} restored`);
  await page.getByRole("searchbox").fill("no such account");
  await page.getByText("Nothing matches these filters").waitFor();
  await page.getByRole("button", { name: "All accounts" }).click();
  await page.getByRole("link", { name, exact: true }).waitFor();
});

journey("changes an account's settings, with refusals at their fields, and guards what is not saved", async (page) => {
  const id = `moss-${run}`;
  await send(page, "POST", "/v1.0/accounts", { Id: id, Name: `Moss ${run}` });
  await page.goto(`/console/accounts/${id}/settings`);
  await page.getByLabel("Description").fill("A fine shop");
  await page.getByLabel("Step limit").fill("500");
  await page.getByLabel("Successful").fill("0");
  await page.getByRole("switch", { name: "Tell of failed transactions" }).check();
  await page.getByLabel("URL").fill("not an address");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("URL").and(page.locator("[aria-invalid=true]")).waitFor();
  await accessible(page, "refused settings");
  await shoot(page, "settings refused");
  await page.getByLabel("URL").fill("https://hooks.example/errors");
  await page.getByRole("link", { name: "Cycles" }).click();
  await dialog(page).getByText("would be lost").waitFor();
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await said(page, "Saved");
  const now = await send(page, "GET", `/v1.0/accounts/${id}`);
  assert.equal(now.Description, "A fine shop");
  assert.deepEqual([now.StepLimit, now.ConcurrentTransactionLimit, now.StepDataSuccessRetentionHours], [500, null, 0]);
  assert.equal(now.TransactionErrorWebhookUrl, "https://hooks.example/errors");
  assert.equal(now.NextBillDateUtc, null);
  await page.getByRole("button", { name: "Delete" }).click();
  await dialog(page).getByRole("button", { name: "Delete account" }).click();
  await page.waitForURL(/\/console\/accounts$/);
});

journey("invites people to an account, makes administrators, and removes them", async (page) => {
  const id = `reed-${run}`;
  await send(page, "POST", "/v1.0/accounts", { Id: id, Name: `Reed ${run}` });
  await page.goto(`/console/accounts/${id}/users`);
  await page.getByText("Nobody has access yet").waitFor();
  await accessible(page, "an account without users");
  await shoot(page, "account users empty");
  await page.getByRole("button", { name: "Invite" }).click();
  await dialog(page).getByLabel("Email").fill("nobody");
  await dialog(page).getByRole("button", { name: "Send the invitation" }).click();
  await dialog(page).getByLabel("Email").and(page.locator("[aria-invalid=true]")).waitFor();
  const email = `ivy-${run}@reed.example`;
  await dialog(page).getByLabel("Email").fill(email);
  await dialog(page).getByRole("switch", { name: "Administrator" }).check();
  await dialog(page).getByRole("button", { name: "Send the invitation" }).click();
  await page.getByText("Pass on the link").waitFor();
  await accessible(page, "the link of an invitation");
  await shoot(page, "invitation link");
  await dialog(page).getByRole("button", { name: "Done" }).click();
  const invited = page.getByRole("table", { name: "Open invitations" });
  await invited.getByText(email).waitFor();
  await choose(page, `the invitation of ${email}`, "Resend");
  await dialog(page).getByRole("button", { name: "Done" }).click();

  await send(page, "PUT", `/v1.0/accounts/${id}/users`, { Username: `oak-${run}@reed.example` });
  await page.reload();
  const level = page.getByRole("switch", { name: `Administrator: oak-${run}@reed.example` });
  await level.waitFor();
  await accessible(page, "users of an account");
  await shoot(page, "account users");
  await level.click();
  await said(page, "is an administrator");
  const [oak] = await send(page, "GET", `/v1.0/users?query=oak-${run}`);
  assert.equal(oak.Accounts[0].Administrator, true);
  await page.getByRole("button", { name: `Remove oak-${run}@reed.example` }).click();
  await dialog(page).getByRole("button", { name: "Remove" }).click();
  await page.getByText("Nobody has access yet").waitFor();
  await choose(page, `the invitation of ${email}`, "Revoke");
  await dialog(page).getByRole("button", { name: "Revoke" }).click();
  await invited.waitFor({ state: "detached" });
});

journey("creates, finds, changes and deletes users", async (page) => {
  await page.goto("/console/users");
  await page.getByRole("button", { name: "Create user" }).click();
  const email = `elm-${run}@wood.example`;
  await dialog(page).getByLabel("First name").fill("Elm");
  await dialog(page).getByLabel("Last name").fill(run);
  await dialog(page).getByLabel("Email").fill(email);
  await dialog(page).getByLabel("Password").fill("password");
  await dialog(page).getByLabel("Accounts").first().fill("page turner");
  await page.getByRole("option", { name: "Page Turner Books" }).click();
  await dialog(page).getByRole("button", { name: "Create user" }).click();
  await dialog(page).getByLabel("Password").and(page.locator("[aria-invalid=true]")).waitFor();
  await accessible(page, "a refused user");
  await shoot(page, "user refused");
  await dialog(page).getByLabel("Password").fill("a fine long one");
  await dialog(page).getByRole("button", { name: "Create user" }).click();
  await said(page, `Elm ${run} created`);
  await page.getByRole("searchbox").fill(email);
  const row = page.getByRole("row").filter({ hasText: email });
  await row.getByRole("link", { name: "Page Turner Books" }).waitFor();
  await shoot(page, "users");
  await choose(page, `Elm ${run}`, "Edit");
  await dialog(page).getByLabel("First name").fill("Alder");
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await said(page, `Alder ${run} saved`);
  await choose(page, `Alder ${run}`, "Set a password");
  await dialog(page).getByLabel("New password").fill("short");
  await dialog(page).getByRole("button", { name: "Set a password" }).click();
  await dialog(page).getByLabel("New password").and(page.locator("[aria-invalid=true]")).waitFor();
  await dialog(page).getByLabel("New password").fill("another long one");
  await dialog(page).getByRole("button", { name: "Set a password" }).click();
  await said(page, `Password of Alder ${run} set`);
  await choose(page, `Alder ${run}`, "Delete");
  await dialog(page).getByText("They lose access to one account.").waitFor();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nothing matches these filters").waitFor();
});

for (const [name, options] of [
  ["dark", { scheme: "dark" }],
  ["phone", { width: 360, height: 740 }],
]) {
  journey(
    `is accessible, and fits: ${name}`,
    async (page, settings) => {
      const birch = `birch-${run}@wood.example`;
      await page.request.post("/v1.0/users", {
        data: { Username: birch, FirstName: "Birch", Accounts: [settings.account] },
      });
      const at = `/console/accounts/${settings.account}`;
      const screens = {
        accounts: ["/console/accounts", page.getByRole("button", { name: "Actions for", exact: false }).first()],
        bin: ["/console/accounts?deleted=true", page.getByRole("heading", { name: "Recycle bin" })],
        settings: [`${at}/settings`, page.getByRole("button", { name: "Suspend" })],
        "account users": [`${at}/users`, page.getByRole("switch", { name: "Administrator: Birch" }).first()],
        users: ["/console/users", page.getByText("Birch").first()],
      };
      for (const [screen, [path, there]] of Object.entries(screens)) {
        await page.goto(path);
        await there.waitFor();
        await page.locator("[aria-busy=true], .mantine-Skeleton-root").first().waitFor({ state: "detached" });
        await accessible(page, `${screen} (${name})`);
        await shoot(page, `${name} ${screen}`);
        assert.equal(await beside(page), 0, `${screen} (${name}) is too wide`);
      }
      await page.goto("/console/accounts");
      await page.getByRole("button", { name: "Add account" }).click();
      await dialog(page).getByLabel("Name").waitFor();
      await accessible(page, `a new account (${name})`);
      await shoot(page, `${name} add account`);
    },
    options,
  );
}

journey("says what to do where there is nothing, and when the server fails", async (page) => {
  await page.route("**/v1.0/accounts?*", (r) => r.fulfill({ json: [], headers: { "Total-Records": "0" } }));
  await page.goto("/console/accounts");
  await page.getByRole("button", { name: "Add the first account" }).click();
  await dialog(page).getByLabel("Name").fill("Entered by hand");
  await page.keyboard.press("Escape");
  const warning = dialog(page).getByRole("alert").getByText("Press Escape again");
  await warning.waitFor();
  await accessible(page, "a window that keeps what was entered");
  await shoot(page, "accounts entered");
  await dialog(page).getByLabel("Description").fill("More of it");
  await warning.waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await warning.waitFor();
  assert.equal(await dialog(page).getByLabel("Name").inputValue(), "Entered by hand");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Add the first account" }).click();
  await dialog(page).getByLabel("Name").waitFor();
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  await shoot(page, "accounts empty");
  await page.route("**/v1.0/users?*", (r) => r.fulfill({ status: 400, json: { Message: "That did not work" } }));
  await page.goto("/console/users");
  await page.getByRole("alert").getByText("That did not work").waitFor();
  await accessible(page, "users that could not be loaded");
  await page.unroute("**/v1.0/users?*");
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("table", { name: "Users" }).waitFor();
});
