import { describe, expect, it } from "vitest";
import type { Mapping, Method } from "../api/schema";
import { kinds, type Step } from "./design";
import { differences, fieldsOf, mergeField, parametersOf, put, ranked, retype, type Source, without } from "./mapping";

const step = (Id: string, rest: Partial<Step> = {}): Step => ({
  Id,
  Name: `Step ${Id}`,
  ActionType: kinds.Action,
  DisplayPositionLeft: 0,
  DisplayPositionTop: 0,
  ...rest,
});
const source = (of: string, location: string): Source => ({ step: step(of), location, label: location });
const method = (rest: object) =>
  ({ Parameters: [], RequestFields: [], ResponseFields: [], ...rest }) as unknown as Method;

describe("targets", () => {
  const field = (ConnectorField: string, rest: object = {}) => ({
    ConnectorField,
    IsOptional: false,
    Values: [],
    ...rest,
  });
  it("are those that are required first, and what else is mapped last", () => {
    const m = method({ RequestFields: [field("b", { IsOptional: true }), field("a"), field("c", { Default: "x" })] });
    const all = fieldsOf(step("1", { Fields: [{ Target: "own" }, { Target: "a" }] }), m);
    expect(all.map((x) => [x.name, x.required, x.added ?? false])).toEqual([
      ["a", true, false],
      ["b", false, false],
      ["c", false, false],
      ["own", false, true],
    ]);
  });
  it("need nothing of a webhook, and hide what is hidden", () => {
    expect(fieldsOf(step("1"), method({ MethodType: "Webhook", RequestFields: [field("a")] }))[0]?.required).toBe(
      false,
    );
    const p = (Name: string, rest: object) => ({ Name, IsOptional: false, Values: [], Triggers: [], ...rest });
    const m = method({ Parameters: [p("h", { Hidden: true }), p("v", { Value: "1" }), p("n", {})] });
    expect(parametersOf(step("1"), m).map((x) => [x.name, x.required])).toEqual([
      ["n", true],
      ["v", false],
    ]);
  });
});

it("offers fields of the same name first", () => {
  const all = ["id", "contact.email_address", "contact.email", "E-mail"].map((l) => source("1", l));
  expect(ranked(all, "email").map((s) => s.location)).toEqual([
    "E-mail",
    "contact.email",
    "contact.email_address",
    "id",
  ]);
});

describe("another type", () => {
  const was: Mapping = { Target: "email", MappingType: "StaticValue", Value: "x", IsLaunchVisible: true };
  it("takes the field of the same name, and leaves the customer's choice", () => {
    expect(retype(was, "email", "StepOutput", [source("1", "id"), source("2", "email")])).toMatchObject({
      MappingType: "StepOutput",
      SourceStepId: "2",
      SourceField: "email",
      IsLaunchVisible: true,
    });
  });
  it("takes no field where none fits", () => {
    const m = retype(was, "phone", "StepOutput", [source("1", "id")]);
    expect([m.SourceStepId, m.SourceField, m.Value]).toEqual(["1", undefined, undefined]);
  });
});

it("puts a mapping in its place, or at the end", () => {
  const all: Mapping[] = [{ Target: "a" }, { Target: "b" }];
  expect(put(all, { Target: "a", Value: "1" })).toEqual([{ Target: "a", Value: "1" }, { Target: "b" }]);
  expect(put(null, { Target: "c" })).toEqual([{ Target: "c" }]);
  expect(without(all, "a")).toEqual([{ Target: "b" }]);
});

describe("merge fields", () => {
  const all = [source("2", "email"), source("1", "email"), source("1", "id")];
  it("name the step only where the field alone means another", () => {
    const [near, far, id] = all as [Source, Source, Source];
    expect(mergeField(near, all, [])).toBe("{{email}}");
    expect(mergeField(far, all, [])).toBe("{{Step 1::email}}");
    expect(mergeField(id, all, [])).toBe("{{id}}");
    expect(mergeField(id, all, ["id"])).toBe("{{Step 1::id}}");
  });
});

it("tells what two mappings differ in", () => {
  expect(differences({ Target: "a", Value: "x" }, { Target: "a", Value: "xy" })).toBe("Value");
  expect(differences(undefined, { Target: "a", MappingType: "Ignore" })).toBe("Target,MappingType");
});
