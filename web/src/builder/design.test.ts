import { describe, expect, it } from "vitest";
import {
  addStep,
  change,
  connect,
  copy,
  type Design,
  kinds,
  move,
  paste,
  read,
  refuses,
  remove,
  sourcesOf,
  use,
} from "./design";

const at = { DisplayPositionLeft: 0, DisplayPositionTop: 0 };
const step = (Name: string, ActionType: number = kinds.Action, Connector = "crm") => ({
  Name,
  ActionType,
  Connector,
  ...at,
});
const ids = (d: Design) => Object.fromEntries(d.Steps.map((s) => [s.Name, s.Id]));

/** get → decision, whose True leads to send, and False to note. */
function sample(): Design {
  let d = read({ Connectors: [{ Ref: "crm", Name: "CRM", Version: "1.0" }] });
  const [one, get] = addStep(d, step("get"));
  const [two, decision] = addStep(one, step("decision", kinds.Decision, ""), { step: get.Id });
  const [three, send] = addStep(two, step("send"), { step: decision.Id });
  [d] = addStep(three, step("note"), { step: decision.Id });
  return change(d, send.Id, {
    Fields: [{ Target: "a", MappingType: "StepOutput", SourceStepId: get.Id, SourceField: "x" }],
  });
}

describe("adding", () => {
  it("takes the exits that lead nowhere yet", () => {
    const d = sample();
    const { get, decision, send, note } = ids(d);
    expect(d.Edges.map((e) => [e.HeadStepId, e.EdgeType, e.TailStepId])).toEqual([
      [get, "Forward", decision],
      [decision, "True", send],
      [decision, "False", note],
    ]);
    expect(new Set(d.Steps.map((s) => s.Id)).size).toBe(4);
  });
  it("connects no annotation", () => {
    const d = sample();
    expect(addStep(d, step("a", kinds.Annotation, ""), { step: ids(d).send ?? "" })[0].Edges).toHaveLength(3);
  });
});

describe("connecting", () => {
  const d = sample();
  const { get = "", decision = "", send = "", note = "" } = ids(d);
  it.each([
    [send, get, "Forward", "loop"],
    [send, send, "Forward", "self"],
    [decision, send, "True", "twice"],
    [send, "nobody", "Forward", "self"],
  ] as const)("refuses %s to %s", (head, tail, exit, why) => {
    expect(refuses(d, head, tail, exit)).toBe(why);
    expect(connect(d, head, tail, exit)).toBe(d);
  });
  it("lets branches meet", () => {
    expect(connect(d, send, note, "Forward").Edges).toHaveLength(4);
  });
});

it("finds the steps whose answers can be used, the nearest first", () => {
  const d = connect(sample(), ids(sample()).send ?? "", "", "Forward");
  const { send = "", note = "" } = ids(d);
  const joined = connect(d, send, note, "Forward");
  expect(sourcesOf(joined, note).map((s) => s.Name)).toEqual(["send", "get"]);
  expect(sourcesOf(joined, send).map((s) => s.Name)).toEqual(["get"]);
});

it("removes steps with their edges, and connectors with their last step", () => {
  const d = sample();
  const { decision = "", get = "", send = "", note = "" } = ids(d);
  const less = remove(d, [decision]);
  expect(less.Edges).toEqual([]);
  expect(less.Connectors).toHaveLength(1);
  expect(remove(less, [get, send, note]).Connectors).toEqual([]);
  expect(d.Steps).toHaveLength(4);
});

it("moves to whole pixels", () => {
  const d = sample();
  const id = ids(d).get ?? "";
  expect(move(d, new Map([[id, { left: 10.4, top: 7.5 }]])).Steps[0]).toMatchObject({
    DisplayPositionLeft: 10,
    DisplayPositionTop: 8,
  });
});

describe("pasting", () => {
  const d = sample();
  const { get = "", send = "" } = ids(d);
  it("leads mappings to the copies, else to the steps that are there", () => {
    const [both, [a, b]] = paste(d, copy(d, [get, send]));
    expect(b?.Fields?.[0]?.SourceStepId).toBe(a?.Id);
    expect(both.Steps).toHaveLength(6);
    expect(both.Connectors).toEqual(d.Connectors);
    const [, [alone]] = paste(d, copy(d, [send]));
    expect(alone?.Fields?.[0]?.SourceStepId).toBe(get);
    expect(alone?.DisplayPositionLeft).toBe(40);
  });
  it("brings connectors along, and ignores what is not there", () => {
    const [other, [alone]] = paste(
      read({ Connectors: [{ Ref: "crm", Name: "Another", Version: "1.0" }] }),
      copy(d, [send]),
    );
    expect(other.Connectors.map((c) => [c.Ref, c.Name])).toEqual([
      ["crm", "Another"],
      ["crm-2", "CRM"],
    ]);
    expect(alone?.Connector).toBe("crm-2");
    expect(alone?.Fields).toEqual([{ Target: "a", MappingType: "Ignore" }]);
  });
});

it("tells a partner's own connector from one of the library by its identifier", () => {
  const d = read({ Connectors: [{ Ref: "crm", Name: "CRM", Version: "1.0" }] });
  expect(use(d, { Name: "CRM", Version: "1.0" })[1]).toBe("crm");
  expect(use(d, { Name: "CRM", Version: "1.0", UniqueIdentifier: "g" })[1]).toBe("crm-2");
  expect(use(d, { Name: "CRM", Version: "2.0" })[1]).toBe("crm-2");
});
