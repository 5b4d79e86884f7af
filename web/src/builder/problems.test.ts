import { expect, test } from "vitest";
import { byStep, faultOf, type Problem, said } from "./problems";

const problem = (Reason: string, StepId?: string): Problem => ({
  ReasonCode: 41,
  Reason,
  ObjectType: "Field",
  ObjectId: "7",
  StepId,
});

test.each([
  ['Step "Send": email has no mapping.', "Email has no mapping."],
  ['Step "Send", email: it is gone.', "Email: it is gone."],
  ['Step "Send" has no criteria.', "Has no criteria."],
  ['Step "Sent": email has no mapping.', 'Step "Sent": email has no mapping.'],
  ["A cycle needs at least two steps.", "A cycle needs at least two steps."],
])("%s", (reason, short) => expect(said(problem(reason), "Send")).toBe(short));

test("a name with quotes", () => expect(said(problem('Step "a \\"b\\"": it waits.'), 'a "b"')).toBe("It waits."));

test("problems are found by their step", () => {
  const [a, b, all] = [problem("a", "1"), problem("b", "1"), problem("c")];
  expect([...byStep([a, b, all])]).toEqual([["1", [a, b]]]);
});

test("what is wrong with a mapping is told beside it", () => {
  const all = [
    problem('Step "a, b: c", email: there is no function "x".', "1"),
    problem('Step "a": phone has no mapping.'),
  ];
  expect(faultOf(all, "Field", { name: "email", label: "email", id: 7 })).toBe('There is no function "x".');
  expect(faultOf(all, "Field", { name: "phone", label: "phone", id: 7 })).toBeUndefined();
  expect(faultOf(all, "Parameter", { name: "email", label: "email", id: 7 })).toBeUndefined();
  expect(faultOf(undefined, "Field", { name: "email", label: "email" })).toBeUndefined();
});
