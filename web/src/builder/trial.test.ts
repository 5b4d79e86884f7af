import { expect, test } from "vitest";
import type { Mapping } from "../api/schema";
import { type Design, kinds, read, type Step } from "./design";
import { type Circumstances, given, inputsOf, keyOf } from "./trial";

const document = { id: 7 };

const get: Step = { Id: "get", Name: "Get", ActionType: kinds.Action, DisplayPositionLeft: 0, DisplayPositionTop: 0 };
const inputs = (m: Mapping, at?: Circumstances) => {
  const send: Step = { ...get, Id: "send", Name: "Send", Fields: [{ Target: "email", ...m }] };
  const d: Design = {
    ...read({ Steps: [get, send], Edges: [] }),
    Variables: [{ SystemName: "Who", Value: "you" }],
  } as Design;
  return inputsOf(d, send, undefined, new Map([["get", document]]), at);
};

test.each<[Mapping, string | undefined]>([
  [{ MappingType: "StaticValue", Value: "x" }, "x"],
  [{ MappingType: "StaticValue", Value: "{{id}} of {{Get::id | upper}} for {{Who}}{{none}}" }, "7 of 7 for you"],
  [{ MappingType: "StepOutput", SourceStepId: "get", SourceField: "id" }, "7"],
  [{ MappingType: "StepOutput", SourceStepId: "else", SourceField: "id" }, ""],
  [{ MappingType: "Variable", Variable: "Who" }, "you"],
  [{ MappingType: "Ignore" }, undefined],
])("%j comes to %s", (m, value) => expect(inputs(m)[0]?.value).toBe(value));

test("what was entered comes before what is mapped, and nothing is left out", () => {
  const all = inputs({ MappingType: "StaticValue", Value: "x" });
  const [email] = all;
  if (!email) throw new Error("no input");
  expect(given(all, {}, "Fields")).toEqual({ email: "x" });
  expect(given(all, { [keyOf(email)]: "y" }, "Fields")).toEqual({ email: "y" });
  expect(given(all, { [keyOf(email)]: "" }, "Fields")).toEqual({});
  expect(given(all, {}, "Parameters")).toEqual({});
});

test("a test goes by its own variables, and by when it last ran", () => {
  const [none] = inputs({ MappingType: "StaticValue", Value: "{{LastSuccessfulRunDate}}" });
  expect(none?.value).toBe("1970-01-01T00:00:00Z");
  const at = { variables: { Who: "me" }, lastRun: "2026-01-31T12:00:00.000Z" };
  const [both] = inputs({ MappingType: "StaticValue", Value: "{{Who}} since {{LastSuccessfulRunDate}}" }, at);
  expect(both?.value).toBe("me since 2026-01-31T12:00:00.000Z");
});
