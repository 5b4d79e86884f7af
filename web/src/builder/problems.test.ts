import { describe, expect, it } from "vitest";
import type { Mapping, Method } from "../api/schema";
import { connect, type Design, kinds, read, type Step } from "./design";
import { codes, problems } from "./problems";

const step = (Id: string, ActionType: number, rest: Partial<Step> = {}): Step => ({
  Id,
  Name: Id,
  ActionType,
  DisplayPositionLeft: 0,
  DisplayPositionTop: 0,
  ...rest,
});
const calls = { Connector: "crm", Method: "m" };
const method = {
  MethodType: "Action",
  Parameters: [{ Name: "List", DisplayName: "List", IsOptional: false, Values: [] }],
  RequestFields: [
    { ConnectorField: "email", IsOptional: false, Values: [] },
    { ConnectorField: "name", IsOptional: true, Values: [] },
  ],
  ResponseFields: [],
} as unknown as Method;

/** Steps, each of which leads to the next. */
function chain(...Steps: Step[]): Design {
  const d = read({ Steps, Variables: [{ SystemName: "v", Value: "1" }] });
  return Steps.slice(1).reduce((x, s, i) => connect(x, Steps[i]?.Id ?? "", s.Id, exitOf(Steps[i])), d);
}
const exitOf = (s: Step | undefined) => (s?.ActionType === kinds.Decision ? "True" : "Forward");
const hook = step("hook", kinds.Webhook, calls);

/** The codes of a step's problems, after a webhook. */
function of(s: Step, d = chain(hook, s)): [number, string?][] {
  return problems(d, (x) => (x.Id === s.Id && x.Method ? { method } : {}))
    .filter((p) => p.step === s.Id)
    .map((p) => (p.target ? [p.code, p.target] : [p.code]));
}

describe("the whole", () => {
  const none = () => ({});
  it("needs two steps", () => {
    expect(problems(read({}), none)).toEqual([{ code: codes.tooFew }]);
    expect(problems(chain(hook, step("n", kinds.Annotation)), none)).toEqual([{ code: codes.tooFew }]);
  });
  it("begins once, and reaches every step", () => {
    const d = read({ Steps: [hook, step("wait", kinds.WaitAll), step("note", kinds.Annotation)] });
    expect(problems(d, none)).toEqual([{ code: codes.notConnected, step: "wait" }]);
  });
});

describe("a call", () => {
  const call = (Parameters: Mapping[], Fields: Mapping[] = []) =>
    of(step("call", kinds.Action, { ...calls, Parameters, Fields }));
  const typed = (Target: string, Value = "x"): Mapping => ({ Target, MappingType: "StaticValue", Value });
  it("needs a method", () => expect(of(step("call", kinds.Action))).toEqual([[30]]));
  it("needs what is required", () => {
    expect(call([])).toEqual([
      [40, "List"],
      [41, "email"],
    ]);
    expect(call([typed("List")], [typed("email", "")])).toEqual([[41, "email"]]);
    expect(call([typed("List")], [typed("email")])).toEqual([]);
  });
  it("leaves to the customer what the customer chooses", () => {
    const asked = { Target: "List", MappingType: "Ignore", IsLaunchVisible: true };
    expect(call([asked], [typed("email")])).toEqual([]);
  });
  it("takes nothing that is not there", () => {
    const all: Mapping[] = [
      { Target: "email", MappingType: "StepOutput", SourceStepId: "later", SourceField: "x" },
      { Target: "name", MappingType: "Variable", Variable: "w" },
    ];
    expect(call([{ Target: "List", MappingType: "Variable", Variable: "v" }], all)).toEqual([
      [41, "email"],
      [41, "name"],
    ]);
  });
  it("takes nothing through a Wait All", () => {
    const source = { Target: "email", MappingType: "StepOutput", SourceStepId: "hook", SourceField: "x" };
    const s = step("call", kinds.Action, { ...calls, Parameters: [typed("List")], Fields: [source] });
    expect(of(s)).toEqual([]);
    expect(of(s, chain(hook, step("all", kinds.WaitAll), s))).toEqual([[41, "email"]]);
  });
  it("needs to know whose a request is, in the middle", () => {
    const middle = step("middle", kinds.Webhook, calls);
    const known = { ...middle, Match: { Field: "id", Key: typed("") } };
    const webhook = { ...method, MethodType: "Webhook", Parameters: [] } as unknown as Method;
    const codesOf = (s: Step) => problems(chain(hook, s), () => ({ method: webhook })).map((p) => p.code);
    expect(codesOf(middle)).toEqual([43]);
    expect(codesOf(known)).toEqual([]);
  });
});

describe("a decision", () => {
  const left: Mapping = { MappingType: "StepOutput", SourceStepId: "hook", SourceField: "x" };
  const decide = (...Groups: object[][]) => of(step("d", kinds.Decision, { Decision: { Groups } }));
  it("needs a rule", () => {
    expect(of(step("d", kinds.Decision))).toEqual([[31]]);
    expect(decide([])).toEqual([[31]]);
  });
  it("needs both sides, unless one is enough", () => {
    expect(decide([{ Condition: "Equals" }])).toEqual([[50], [51]]);
    expect(decide([{ Left: left, Condition: "IsEmpty" }])).toEqual([]);
    expect(decide([{ Left: left, Condition: "Equals", Right: { MappingType: "StaticValue" } }])).toEqual([]);
    expect(decide([{ Left: { ...left, SourceStepId: "d" }, Condition: "Exists" }])).toEqual([[50]]);
  });
});

it.each([
  [undefined, [[32]]],
  [{ Interval: 1 }, [[60]]],
  [{ Interval: 0, Unit: "Days" }, [[61]]],
  [{ Interval: 53, Unit: "Weeks" }, [[61]]],
  [{ Interval: 52, Unit: "Weeks" }, []],
])("a delay of %j", (Delay, want) => expect(of(step("d", kinds.Delay, { Delay }))).toEqual(want));

it.each([
  [undefined, [[33]]],
  [{ MappingType: "StaticValue" }, [[33]]],
  [{ MappingType: "StepOutput", SourceStepId: "hook" }, [[70]]],
  [{ MappingType: "StaticValue", Value: "{{due}}" }, []],
])("waiting until %j", (Until, want) => expect(of(step("u", kinds.WaitUntil, { Until }))).toEqual(want));

it("an answer needs somebody who called", () => {
  const s = step("a", kinds.SynchronousResponse);
  expect(of(s)).toEqual([]);
  expect(of(s, chain(step("timer", kinds.Delay), s))).toEqual([[11]]);
});
