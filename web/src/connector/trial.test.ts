import { expect, it } from "vitest";
import type { Method } from "../api/schema";
import { inputOf, taken } from "./trial";

const parameter = { Description: "", Default: "", Values: [], IsOptional: true, Hidden: false };
const method = {
  Parameters: [
    { ...parameter, Id: 1, Name: "page", Hidden: true },
    { ...parameter, Id: 2, Name: "since", DisplayName: "Changed since", Default: "{{LastSuccessfulRunDate}}" },
  ],
  RequestFields: [
    { ...parameter, Id: 2, ConnectorField: "email", IsOptional: false },
    { ...parameter, Id: 3, ConnectorField: "kind", Values: [{ Value: "a" }] },
  ],
} as unknown as Method;

it("asks for what is not hidden, what is required first", () => {
  expect(taken(method).map((t) => [t.label, t.required])).toEqual([
    ["email", true],
    ["Changed since", false],
    ["kind", false],
  ]);
  expect(taken(method)[2]?.choices).toEqual([{ value: "a", label: "a" }]);
});

it("sends what was entered, parameters and fields of one number apart", () => {
  expect(inputOf(taken(method), { "Fields 2": "a@x.test", "Parameters 2": "" })).toEqual({
    Parameters: {},
    Fields: { 2: "a@x.test" },
  });
});
