import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { accessible, open, shoot, signIn } from "./browser.mjs";
import { journeys } from "./journey.mjs";

const journey = journeys();

/** The code that an app shows for a secret (RFC 6238). */
function codeOf(secret, at = Date.now()) {
  const bits = [...secret]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

journey(
  "a colleague is invited, sets up a second factor and signs in with it",
  async (page, settings, browser) => {
    const owner = await open(browser, settings);
    try {
      await signIn(owner.page, settings);
      const email = `colleague-${Date.now()}@acme.example`;
      const invited = await owner.page.request.post("/v1.0/consoleusers", {
        data: { Email: email, Permissions: { Accounts: "View", Reports: "View" } },
      });
      assert.equal(invited.status(), 201, await invited.text());
      const link = new URL((await invited.json()).InvitationUrl);

      await page.goto(link.pathname + link.hash);
      await page.getByText(`You sign in as ${email}.`).waitFor();
      await accessible(page, "the invitation");
      await shoot(page, "invitation");
      await page.getByLabel("Your name").fill("Colleague");
      await page.getByLabel("Choose a password").fill("password");
      await page.getByRole("button", { name: "Accept the invitation" }).click();
      await page.getByRole("alert").getByText("too easy to guess").waitFor();
      await page.getByLabel("Choose a password").fill("a fine password");
      await page.getByRole("button", { name: "Accept the invitation" }).click();
      await page.waitForURL(/\/console\/accounts/);

      await page.goto("/console/profile");
      const factor = page.getByRole("form", { name: "Two-factor sign-in" });
      await factor.getByRole("button", { name: "Set it up" }).waitFor();
      await accessible(page, "the profile");
      await shoot(page, "profile");
      await factor.getByLabel("Present password").fill("a fine password");
      await factor.getByRole("button", { name: "Set it up" }).click();
      const secret = (await page.locator("code").first().textContent()).replace(/\s/g, "");
      await accessible(page, "setting up a second factor");
      await page.getByLabel("Code").fill(codeOf(secret, Date.now() - 30_000));
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
      await page.getByRole("button", { name: "I have kept them" }).click();
      await page.getByText("On: a code is asked for when you sign in.").waitFor();

      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password", { exact: true }).fill("a fine password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Enter your code" }).waitFor();
      await accessible(page, "the code");
      await page.getByLabel("Code").fill(codeOf(secret));
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.waitForURL(/\/console\/accounts/);

      // Who has lost the second factor, or a browser, is helped by a colleague.
      await owner.page.goto("/console/settings/users");
      const row = owner.page.getByRole("row", { name: email });
      await row.getByText("Two-factor").waitFor();
      await row.getByRole("button", { name: "Actions for Colleague" }).click();
      await owner.page.getByRole("menuitem", { name: "Reset second factor" }).click();
      await owner.page.getByRole("dialog").getByRole("button", { name: "Reset second factor" }).click();
      await row.getByText("Password").waitFor();
      await owner.page.goto("/console/settings/security");
      await owner.page.getByRole("button", { name: /^Sign out Colleague, Chrome/ }).click();
      await owner.page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
      await owner.page.getByText("Signed out", { exact: true }).waitFor();
      await page.goto("/console/users");
      await page.getByRole("heading", { name: "Sign in to Tandem" }).waitFor();
    } finally {
      await owner.context.close();
    }
  },
  { stranger: true },
);

journey(
  "asks for a new password",
  async (page) => {
    await page.goto("/console/sign-in");
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByLabel("Email").fill("nobody@acme.example");
    await accessible(page, "the forgotten password");
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByRole("alert").getByText("Mail is not set up here").waitFor();
    await page.goto("/console/reset#made-up");
    await page.getByLabel("New password").fill("a fine password");
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByRole("alert").getByText("too old").waitFor();
    await accessible(page, "the new password");
  },
  { stranger: true },
);
