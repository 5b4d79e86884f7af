import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { accessible, open, shoot } from "./browser.mjs";
import { journeys, send } from "./journey.mjs";

const window = journeys();

/** A walk with a draft of a graph in the builder. */
function journey(name, walk, { graph = (g) => g, ...options } = {}) {
  const wide = { width: 1440, height: 900, ...options };
  window(
    name,
    async (page, settings, browser) => {
      const draft = await makeDraft(page, graph);
      await page.goto(`/console${draft.path}`);
      await page.getByRole("region", { name: "Steps" }).waitFor();
      await walk(page, draft, settings, browser);
    },
    wide,
  );
}

const api = (page, method, path, data) => send(page, method, `/v1.0${path}`, data);

/** A template with a draft of what a graph is made of the example's. */
async function makeDraft(page, graph) {
  const file = join(import.meta.dirname, "..", "..", "examples", "templates", "new-contact.json");
  const example = JSON.parse(await readFile(file, "utf8"));
  const template = await api(page, "POST", "/templates/import", { ...example, Name: `Builder ${Date.now()}` });
  const release = await api(page, "POST", `/templates/${template.Id}/releases`, {});
  const path = `/templates/${template.Id}/releases/${release.Id}`;
  const put = (Graph) => api(page, "PUT", path, { Graph });
  const drafted = graph(structuredClone(example.Graph));
  await put(drafted);
  return { path, put, read: () => api(page, "GET", path) };
}

/** Waits until the draft that is kept is as it should be. */
async function kept(draft, what, holds) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((r) => setTimeout(r, 150))) {
    const { Graph } = await draft.read();
    if (holds(Graph)) return;
  }
  assert.fail(`waited in vain until ${what}: ${JSON.stringify((await draft.read()).Graph)}`);
}

const node = (page, name) => page.locator(".react-flow__node", { hasText: name });
const setup = (page) => page.getByRole("complementary", { name: "Step", exact: true });
const named = (graph, name) => graph.Steps.find((s) => s.Name === name);
const field = (graph, step, target) => named(graph, step)?.Fields?.find((f) => f.Target === target) ?? {};
const saved = (page) => page.getByRole("status").filter({ hasText: "Saved" }).waitFor();

journey("mappings are changed, undone and saved by themselves", async (page, draft) => {
  await shoot(page, "builder");
  await accessible(page, "the builder");
  await node(page, "Subscribe").click();
  await setup(page).getByRole("heading", { name: "Subscribe" }).waitFor();
  await shoot(page, "builder-step");
  await accessible(page, "a step");

  const text = setup(page).getByRole("textbox", { name: "Value of Email", exact: true });
  // As a person does: filling it would make the browser copy the look of what was there, which the policy refuses.
  const write = async (words) => {
    for (const key of ["ControlOrMeta+a", "Delete"]) await text.press(key);
    await page.keyboard.type(words);
  };
  await write("{{em");
  await page.getByRole("option", { name: /^email/ }).waitFor();
  await shoot(page, "builder-completion");
  await accessible(page, "completion");
  await page.keyboard.press("Enter");
  await kept(draft, "the merge field is kept", (g) => field(g, "Subscribe", "email").Value === "{{email}}");
  for (const key of ["ArrowLeft", "ArrowLeft"]) await page.keyboard.press(key);
  await page.keyboard.type(" | lowe");
  await page.getByRole("option", { name: /^lower/ }).waitFor();
  await shoot(page, "builder-functions");
  await page.keyboard.press("Enter");
  await kept(draft, "the function is kept", (g) => field(g, "Subscribe", "email").Value === "{{email | lower}}");
  await page.keyboard.type("case");
  await setup(page)
    .getByText('Merge field at character 11: there is no function "lowercase".', { exact: true })
    .waitFor();
  await shoot(page, "builder-fault");
  await write("=[em");
  await page.getByRole("option", { name: /^email/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type(".trim()");
  await kept(draft, "the script is kept", (g) => field(g, "Subscribe", "email").Value === "=[email].trim()");
  await shoot(page, "builder-inline-script");
  await accessible(page, "an inline script");

  const from = setup(page).getByRole("combobox", { name: "Where Email comes from", exact: true });
  await from.selectOption("StepOutput");
  await kept(draft, "the field of the step is kept", (g) => field(g, "Subscribe", "email").SourceField === "email");
  await setup(page).getByRole("button", { name: "More about Email" }).click();
  await setup(page).getByLabel("The customer may choose it").check();
  await setup(page).getByLabel("What the customer sees it called").fill("Address");
  await kept(draft, "the customer may choose", (g) => field(g, "Subscribe", "email").LaunchName === "Address");
  await shoot(page, "builder-mapping");
  await accessible(page, "a mapping of a step's field");

  await setup(page).getByRole("heading", { name: "Subscribe" }).click();
  for (let n = 0; n < 3; n++) await page.getByRole("button", { name: "Undo" }).click();
  await kept(draft, "it is undone", (g) => field(g, "Subscribe", "email").MappingType === "StaticValue");
});

journey("steps are added and set up by keyboard", async (page, draft) => {
  await page.getByRole("button", { name: "Add a step after Subscribe" }).press("Enter");
  await page.getByRole("button", { name: "Delay", exact: true }).press("Enter");
  const heading = setup(page).getByRole("heading", { name: "Delay" });
  await heading.waitFor();
  assert.equal(await heading.evaluate((h) => h === document.activeElement), true, "the focus is on what was added");
  await setup(page).getByText("It has no delay yet.").waitFor();
  await setup(page).getByLabel("How many").fill("3");
  await setup(page).getByLabel("Unit").selectOption("Days");
  await kept(draft, "the delay is kept", (g) => {
    const delay = named(g, "Delay");
    return delay?.Delay?.Unit === "Days" && g.Edges.some((e) => e.TailStepId === delay.Id);
  });
  await setup(page).getByRole("button", { name: "Close" }).press("Enter");

  await page.getByRole("button", { name: "Decision", exact: true }).press("Enter");
  await setup(page).getByRole("button", { name: "Add a rule" }).press("Enter");
  await setup(page).getByLabel("Condition").selectOption("IsEmpty");
  await setup(page).getByRole("combobox", { name: "Value of Left", exact: true }).fill("country");
  await kept(draft, "the rule is kept", (g) => {
    const rule = named(g, "Decision")?.Decision?.Groups?.[0]?.[0];
    return rule?.Condition === "IsEmpty" && rule.Left.SourceField === "country";
  });
  await page.keyboard.press("Escape");
  await shoot(page, "builder-decision");
  await accessible(page, "a decision");
  await setup(page).getByRole("button", { name: "Close" }).press("Enter");
  await page.getByText("Nothing is missing.").waitFor();
  await page.getByRole("button", { name: "Synchronous response" }).press("Enter");
  await setup(page).getByRole("combobox", { name: "Add a field" }).fill("ok");
  // A key does not wait for it to be ready, as a click would.
  await setup(page).getByRole("button", { name: "Add a field", disabled: false }).press("Enter");
  await setup(page).getByRole("textbox", { name: "Value of ok", exact: true }).fill("true");
  await accessible(page, "an answer");
  await kept(draft, "the answer is kept", (g) => field(g, "Synchronous response", "ok").Value === "true");
});

journey(
  "what is missing is listed, and leads to the step",
  async (page) => {
    const problems = page.getByRole("complementary", { name: "Design", exact: true });
    await problems.getByText("Email has no mapping.").waitFor();
    await shoot(page, "builder-problems");
    await accessible(page, "what is missing");
    await problems.getByRole("button", { name: "Subscribe" }).first().click();
    const heading = setup(page).getByRole("heading", { name: "Subscribe" });
    await heading.waitFor();
    assert.equal(await heading.evaluate((h) => h === document.activeElement), true);
    await shoot(page, "builder-missing");
  },
  {
    scheme: "dark",
    graph: (g) => {
      named(g, "Subscribe").Fields = [];
      return g;
    },
  },
);

journey("a value is looked up in the application", async (page, draft) => {
  await node(page, "Subscribe").click();
  await setup(page).getByRole("combobox", { name: "Where List comes from", exact: true }).selectOption("Trigger");
  const value = setup(page).getByRole("combobox", { name: "Value of List", exact: true });
  const account = setup(page).getByRole("combobox", { name: "Account" });
  await account.click();
  await page.getByRole("option", { name: "Page Turner Books" }).click();
  await value.click();
  await value.fill("news");
  await page.getByRole("option", { name: /^Newsletter/ }).waitFor();
  await shoot(page, "builder-lookup");
  await accessible(page, "a lookup");
  await page.getByRole("option", { name: /^Newsletter/ }).click();
  const list = (g) => named(g, "Subscribe").Parameters.find((p) => p.Target === "ListId");
  await kept(
    draft,
    "what was chosen is kept, with its name",
    (g) => list(g).ValueName === "Newsletter" && list(g).Value === "1",
  );
  await value.fill("77");
  await kept(draft, "a value of one's own is kept", (g) => list(g).Value === "77" && !list(g).ValueName);
});

journey("a design is built as a list, by keyboard", async (page, draft) => {
  await page.getByRole("button", { name: "List of steps" }).press("Enter");
  const steps = page.getByRole("region", { name: "Steps" }).getByRole("list");
  const row = (name) => steps.locator("[data-step]").filter({ hasText: name });
  await row("Subscribe").waitFor();
  await row("New Contact").focus();
  await page.getByRole("tooltip").waitFor({ state: "detached" });
  await shoot(page, "builder-list");
  await accessible(page, "the list of steps");
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  await setup(page).getByRole("heading", { name: "Subscribe" }).waitFor();
  await setup(page).getByRole("button", { name: "Close" }).press("Enter");
  for (const what of ["Delay", "Wait until"]) {
    await page.getByRole("button", { name: "Add a step after Has consent?, when True" }).press("Enter");
    const search = page.getByRole("searchbox", { name: "Find a tool or connector" });
    await search.and(page.locator(":focus")).waitFor();
    await page.keyboard.type(what);
    // What else there is goes a moment later, and Tab leads to the next thing on the screen.
    await page.getByRole("button", { name: "Decision", exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: what, exact: true }).and(page.locator(":focus")).press("Enter");
    await setup(page).getByRole("heading", { name: what }).waitFor();
    await setup(page).getByRole("button", { name: "Close" }).press("Enter");
    await page.getByRole("searchbox", { name: "Find a tool or connector" }).fill("");
  }
  await row("Wait until").press("Alt+ArrowDown");
  const leads = (g, from, to) =>
    g.Edges.some((e) => e.HeadStepId === named(g, from)?.Id && e.TailStepId === named(g, to)?.Id);
  await kept(draft, "the steps are in their new order", (g) => {
    return leads(g, "Has consent?", "Delay") && leads(g, "Delay", "Wait until") && leads(g, "Wait until", "Subscribe");
  });
  await row("Delay").press("Delete");
  await kept(draft, "the line is closed", (g) => !named(g, "Delay") && leads(g, "Has consent?", "Wait until"));
  await page.reload();
  await row("Wait until").waitFor();
});

journey("somebody else's change is not written over", async (page, draft) => {
  await node(page, "Subscribe").click();
  // They save when this save is on its way: sooner, it would be taken over.
  let first = true;
  await page.route(`**${draft.path}`, async (route) => {
    if (first && route.request().method() === "PUT") {
      first = false;
      const { Graph } = await draft.read();
      named(Graph, "Subscribe").Name = "Theirs";
      await draft.put(Graph);
    }
    await route.continue();
  });
  await setup(page).getByLabel("Name", { exact: true }).fill("Mine");
  const dialog = page.getByRole("dialog", { name: "Somebody else changed this design" });
  await dialog.waitFor();
  await shoot(page, "builder-conflict");
  await dialog.getByRole("button", { name: "Show it" }).click();
  await node(page, "Theirs").waitFor();
  await saved(page);
});

journey("two people see each other, and what the other saves", async (page, draft, settings, browser) => {
  const invited = await api(page, "POST", "/consoleusers", { Email: `b${Date.now()}@acme.example`, FullAccess: true });
  const link = new URL(invited.InvitationUrl);
  const other = await open(browser, settings, { width: 1440, height: 900 });
  try {
    await other.page.goto(link.pathname + link.hash);
    await other.page.getByLabel("Your name").fill("Bert");
    await other.page.getByLabel("Choose a password").fill("a fine password");
    await other.page.getByRole("button", { name: "Accept the invitation" }).click();
    await other.page.waitForURL(/\/console\/(?!invitation)/);
    await other.page.goto(`/console${draft.path}`);
    await page.getByText("Bert has it open, too").waitFor();
    await shoot(page, "builder-two");
    await accessible(page, "two people in the builder");
    await node(other.page, "Subscribe").click();
    await setup(other.page).getByLabel("Name", { exact: true }).fill("Put on the list");
    await node(page, "Put on the list").waitFor();
  } finally {
    await other.context.close();
  }
  await page.getByText("Bert has it open, too").waitFor({ state: "detached" });
});

journey(
  "on a phone",
  async (page, draft) => {
    await shoot(page, "builder-phone");
    await accessible(page, "the builder on a phone");
    await page.getByRole("button", { name: "Add a step", exact: true }).click();
    await page.getByRole("button", { name: "Annotation" }).waitFor();
    await shoot(page, "builder-phone-palette");
    await page.getByRole("button", { name: "Annotation" }).click();
    await setup(page).getByLabel("Text", { exact: true }).fill("A note");
    await kept(draft, "the note is kept", (g) => named(g, "Annotation")?.Description === "A note");
    await shoot(page, "builder-phone-step");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 390, `the page is ${width} pixels wide`);
  },
  { width: 390, height: 780 },
);

journey(
  "300 steps are panned and dragged",
  async (page, draft) => {
    const before = (await draft.read()).Graph.Steps;
    await page.locator(".react-flow__node").first().waitFor();
    const frames = async (what, move) => {
      await page.evaluate(() => {
        globalThis.frames_ = [];
        const tick = (at) => {
          globalThis.frames_.push(at);
          globalThis.ticking = requestAnimationFrame(tick);
        };
        globalThis.ticking = requestAnimationFrame(tick);
      });
      await move();
      const all = await page.evaluate(() => {
        cancelAnimationFrame(globalThis.ticking);
        return globalThis.frames_;
      });
      const gaps = all
        .slice(1)
        .map((at, i) => at - all[i])
        .sort((a, b) => a - b);
      const at = (share) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))]?.toFixed(1);
      process.stdout.write(`# ${what}: ${gaps.length} frames, median ${at(0.5)} ms, p95 ${at(0.95)} ms\n`);
    };
    const box = await page.getByRole("region", { name: "Steps" }).boundingBox();
    const along = async (x, y) => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let n = 1; n <= 15; n++) await page.mouse.move(x + n * 4, y + n * 2);
      await page.mouse.up();
    };
    await shoot(page, "builder-300");
    await frames("panning", () => along(box.x + 5, box.y + box.height / 2));
    const one = await page.locator(".react-flow__node").nth(150).boundingBox();
    await frames("dragging", () => along(one.x + one.width / 2, one.y + one.height / 2));
    await kept(draft, "the place is kept", (g) =>
      g.Steps.some((s, i) => s.DisplayPositionLeft > before[i].DisplayPositionLeft),
    );
  },
  { graph: large },
);

/** The example with 300 steps. */
function large(g) {
  const [, , subscribe] = g.Steps;
  for (let n = 0; n < 297; n++) {
    const id = (kind) => `00000000-0000-4000-8${kind}00-${String(n).padStart(12, "0")}`;
    const before = n < 10 ? subscribe.Id : g.Steps[g.Steps.length - 10].Id;
    const place = { DisplayPositionLeft: 820 + Math.floor(n / 10) * 260, DisplayPositionTop: (n % 10) * 120 };
    g.Steps.push({ ...structuredClone(subscribe), ...place, Id: id(0), Name: `Subscribe ${n}` });
    g.Edges.push({ Id: id(1), HeadStepId: before, TailStepId: id(0), EdgeType: "Forward" });
  }
  return g;
}
