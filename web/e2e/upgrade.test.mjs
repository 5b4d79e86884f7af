import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, shoot } from "./browser.mjs";
import { beside, journeys, send } from "./journey.mjs";

const journey = journeys();

/** What is made here has a name of its own in every run. */
const run = Date.now().toString(36);
const example = join(import.meta.dirname, "..", "..", "examples", "templates", "new-contact.json");
const dialog = (page) => page.getByRole("dialog");

/** A template with a cycle of its first release, whose second has one step more. */
async function made(page, name, { account }) {
  const file = JSON.parse(await readFile(example, "utf8"));
  const template = await send(page, "POST", "/v1.0/templates/import", { ...file, Name: name });
  const installed = await page.request.post(`/v1.0/templates/${template.Id}/install`, {
    headers: { "X-Cyclr-Account": account },
  });
  assert.ok(installed.ok(), await installed.text());
  const releases = `/v1.0/templates/${template.Id}/releases`;
  const draft = await send(page, "POST", releases, {});
  const { Graph } = await send(page, "GET", `${releases}/${draft.Id}`);
  const last = Graph.Steps.at(-1);
  const step = {
    Id: crypto.randomUUID(),
    Name: "Rest a while",
    ActionType: 4,
    Delay: { Interval: 5, Unit: "Minutes" },
  };
  const edge = { Id: crypto.randomUUID(), HeadStepId: last.Id, TailStepId: step.Id, EdgeType: "Forward" };
  Graph.Steps.push(step);
  Graph.Edges.push(edge);
  await send(page, "PUT", `${releases}/${draft.Id}`, { Graph });
  await send(page, "POST", `${releases}/${draft.Id}/promote`, { Notes: "Rests before it goes on." });
  return template;
}

journey("compares two releases, and upgrades what is installed of the first", async (page, settings) => {
  const name = `Upgraded ${run}`;
  const { Id } = await made(page, name, settings);
  await page.goto(`/console/templates/${Id}`);
  await page.getByRole("button", { name: "More for v2", exact: true }).click();
  await page.getByRole("menuitem", { name: "Compare with another" }).click();
  await page.getByText("Step “Rest a while”").waitFor();
  await page.getByRole("region", { name: "As text" }).getByText("Rest a while").first().waitFor();
  await accessible(page, "two releases");
  await shoot(page, "upgrade-compare");

  await page.getByRole("navigation", { name: "The way here" }).getByRole("link", { name }).click();
  await page.getByRole("link", { name: "Upgrade installed cycles" }).click();
  await page.getByRole("heading", { name: "From version 1 to 2" }).waitFor();
  await page.getByText("Rests before it goes on.").waitFor();
  await page.getByRole("table", { name: "Cycles of older releases" }).getByRole("link", { name }).waitFor();
  await accessible(page, "cycles to upgrade");
  await shoot(page, "upgrade");

  await page.getByRole("button", { name: `Preview the upgrade of ${name}` }).click();
  await dialog(page).getByText("Nothing of it is lost.").waitFor();
  await accessible(page, "a preview");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Upgrade one cycle" }).click();
  await dialog(page).getByText("Running cycles go on running.").waitFor();
  await accessible(page, "the question before an upgrade");
  const refuse = (r) =>
    r.request().method() === "POST" ? r.fulfill({ status: 503, json: { Message: "Away." } }) : r.continue();
  await page.route("**/v1.0/cycles/*/upgrade", refuse);
  await dialog(page).getByRole("button", { name: "Upgrade", exact: true }).click();
  await page.getByText("It stopped: Away.").waitFor();
  await page.unroute("**/v1.0/cycles/*/upgrade");
  await page.reload();
  await page.getByRole("button", { name: "Go on with one" }).click();
  await page.getByText("1 of 1 done").first().waitFor();
  await page.getByText("All installed cycles are of the live release").waitFor();
  await accessible(page, "an upgrade that is done");
  await shoot(page, "upgrade-done");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByText("1 of 1 done").waitFor({ state: "hidden" });
});

journey(
  "tells why a cycle could not be upgraded, on a phone in the dark",
  async (page, settings) => {
    const { Id } = await made(page, `Refused ${run}`, settings);
    await page.route("**/v1.0/cycles/*/upgrade", (r) =>
      r.request().method() === "POST"
        ? r.fulfill({ status: 400, json: { Message: "The cycle is running, and the release cannot run yet." } })
        : r.continue(),
    );
    await page.goto(`/console/templates/${Id}/upgrade`);
    await page.getByRole("button", { name: "Upgrade one cycle" }).click();
    await dialog(page).getByRole("button", { name: "Upgrade", exact: true }).click();
    await page.getByText("One could not be upgraded.").waitFor();
    await page.getByRole("list", { name: "Results" }).getByText("the release cannot run yet").waitFor();
    assert.equal(await beside(page), 0, "the page is too wide");
    await accessible(page, "a refused upgrade on a phone");
    await shoot(page, "upgrade-phone");
  },
  { width: 390, height: 844, scheme: "dark" },
);
