import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, send, smallAndDark } from "./journey.mjs";
import { picture } from "./picture.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);
const example = join(import.meta.dirname, "..", "..", "examples", "templates", "new-contact.json");
const dialog = (page) => page.getByRole("dialog");

/** A template with cycles of its first release, whose second has one step more. */
async function made(page, name, { account }, cycles = 3) {
  const file = JSON.parse(await readFile(example, "utf8"));
  const template = await send(page, "POST", "/v1.0/templates/import", { ...file, Name: name });
  for (let i = 0; i < cycles; i++) await install(page, template.Id, { account });
  const releases = `/v1.0/templates/${template.Id}/releases`;
  const draft = await send(page, "POST", releases, {});
  const { Graph } = await send(page, "GET", `${releases}/${draft.Id}`);
  const last = Graph.Steps.at(-1);
  const step = {
    Id: crypto.randomUUID(),
    Name: "Rest a while",
    ActionType: 4,
    Delay: { Interval: 5, Unit: "Minutes" },
    DisplayPositionLeft: last.DisplayPositionLeft + 240,
    DisplayPositionTop: last.DisplayPositionTop,
  };
  const edge = { Id: crypto.randomUUID(), HeadStepId: last.Id, TailStepId: step.Id, EdgeType: "Forward" };
  Graph.Steps.push(step);
  Graph.Edges.push(edge);
  await send(page, "PUT", `${releases}/${draft.Id}`, { Graph });
  await send(page, "POST", `${releases}/${draft.Id}/promote`, { Notes: "Rests before it goes on." });
  return template;
}

/** Installs a template once more. */
async function install(page, template, { account }) {
  const again = await page.request.post(`/v1.0/templates/${template}/install`, {
    headers: { "X-Cyclr-Account": account },
  });
  assert.ok(again.ok(), await again.text());
}

journey("compares two releases as lists, graphs and text", async (page, settings) => {
  const name = `Compared ${run}`;
  const { Id } = await made(page, name, settings);
  await page.goto(`/console/templates/${Id}`);
  await page.getByRole("button", { name: "More for v2", exact: true }).click();
  await page.getByRole("menuitem", { name: "Compare with another" }).click();
  await page.getByRole("region", { name: "As text" }).getByText("Rest a while").first().waitFor();
  const [before, after] = [1, 2].map((v) => page.getByRole("group", { name: `Steps of version ${v}` }));
  await after.getByRole("button", { name: "Rest a while Added" }).waitFor();
  await page.getByRole("button", { name: "Step “Rest a while”" }).click();
  await after.getByRole("button", { name: "Rest a while", pressed: true }).waitFor();
  await page.getByText("This version does not have the step.").waitFor();
  await before.getByRole("button", { name: "Changed" }).first().click();
  await after.getByRole("button", { name: "Changed", pressed: true }).waitFor();
  await accessible(page, "two releases");
  await shoot(page, "upgrade-compare");
});

journey("upgrades a first cycle, and the rest when told to go on", async (page, settings) => {
  const name = "Contacts to newsletter"; // as it is called in the manual
  const { Id } = await made(page, name, settings);
  await page.goto(`/console/templates?query=${encodeURIComponent(name)}`);
  await page.getByRole("link", { name: "3 to upgrade" }).waitFor();
  await page.goto(`/console/templates/${Id}`);
  await page.getByRole("link", { name: "Upgrade installed cycles" }).click();
  await page.getByRole("heading", { name: "From version 1 to 2" }).waitFor();
  await page.getByText("Rests before it goes on.").waitFor();
  await page.getByRole("table", { name: "Cycles of older releases" }).getByRole("link", { name }).first().waitFor();
  await accessible(page, "cycles to upgrade");
  await shoot(page, "upgrade");

  await page
    .getByRole("button", { name: `Preview the upgrade of ${name}` })
    .first()
    .click();
  await dialog(page).getByText("Nothing of it is lost.").waitFor();
  await accessible(page, "a preview");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "hidden" });

  await page.getByRole("button", { name: "Upgrade 3 cycles" }).click();
  await dialog(page).getByText("Running cycles go on running.").waitFor();
  await dialog(page).getByLabel("First cycles").fill("1");
  await accessible(page, "the question before an upgrade");
  await dialog(page).getByRole("button", { name: "Upgrade", exact: true }).click();
  await page.getByRole("heading", { name: "Rollout of version 2" }).waitFor();
  await page.getByText("The first cycle was tried.").waitFor();
  await accessible(page, "a rollout that waits");
  await shoot(page, "upgrade-rollout");
  await smallAndDark(page, "a rollout");
  await picture(page, "rollout", { x: 232, y: 0, width: 1048, height: 520 });

  await page.goto(`/console/templates/${Id}`);
  await page.getByRole("region", { name: "Rollouts" }).getByText("1 of 3 done").waitFor();
  await page.getByRole("region", { name: "Rollouts" }).scrollIntoViewIfNeeded();
  await accessible(page, "the rollouts of a template");
  await shoot(page, "upgrade-rollouts");
  await smallAndDark(page, "the rollouts of a template");
  await page.getByRole("region", { name: "Rollouts" }).getByRole("link", { name: "Version 2" }).click();
  await page.getByRole("button", { name: "Go on with 2" }).click();
  await page.getByText("3 of 3 cycles done.").waitFor();
  await page.getByRole("status").getByText("Completed").waitFor();
  await page.getByLabel("Outcome").selectOption({ label: "Upgraded" });
  await page.getByRole("table", { name: "Cycles of the rollout" }).getByRole("link", { name }).first().waitFor();
  await shoot(page, "upgrade-done");
  await page.goto(`/console/templates/${Id}/upgrade`);
  await page.getByText("All installed cycles are of the live release").waitFor();
});

journey(
  "tells what could not be upgraded, and tries it again, on a phone in the dark",
  async (page, settings) => {
    const { Id } = await made(page, `Refused ${run}`, settings, 1);
    const { Id: rollout } = await send(page, "POST", `/v1.0/templates/${Id}/rollouts`, { First: 1 });
    const url = `**/v1.0/templates/${Id}/rollouts/${rollout}`;
    const failed = { Pending: 0, Upgraded: 0, Unchanged: 0, Failed: 1, Gone: 0, Cancelled: 0 };
    const asFailed = async (r) => {
      const response = await r.fetch();
      await r.fulfill({
        json: {
          ...(await response.json()),
          State: "Completed",
          EndedOnUtc: new Date().toISOString(),
          Total: 1,
          Counts: failed,
        },
      });
    };
    await page.route(url, asFailed);
    await page.route(`${url}/cycles*`, (r) =>
      r.fulfill({
        json: [
          {
            AccountId: settings.account,
            AccountName: "Books",
            CycleId: crypto.randomUUID(),
            CycleName: "Refused",
            Outcome: "Failed",
            Reason: "The cycle is running, and the release cannot run yet.",
            Lost: [],
            EndedOnUtc: null,
          },
        ],
      }),
    );
    await page.goto(`/console/templates/${Id}/rollouts/${rollout}`);
    await page.getByText("One could not be upgraded.").waitFor();
    await page.getByText("the release cannot run yet").waitFor();
    assert.equal(await beside(page), 0, "the page is too wide");
    await accessible(page, "a refused upgrade on a phone");
    await shoot(page, "upgrade-phone");
    await page.route("**/retry", (r) => r.fulfill({ status: 409, json: { Message: "None of its cycles failed." } }));
    await page.getByRole("button", { name: "Retry the one that failed" }).click();
    await page.getByText("None of its cycles failed.").waitFor();

    const releases = await send(page, "GET", `/v1.0/templates/${Id}/releases`);
    const [from, to] = [1, 2].map((v) => releases.find((r) => r.Version === v).Id);
    await page.goto(`/console/templates/${Id}/compare?from=${from}&to=${to}`);
    await page.getByRole("group", { name: "Steps of version 2" }).getByRole("button", { name: /Added/ }).waitFor();
    assert.equal(await beside(page), 0, "two releases are too wide");
    await accessible(page, "two releases on a phone in the dark");
    await shoot(page, "upgrade-compare-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);
