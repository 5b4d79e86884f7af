import { expect, test } from "vitest";
import { changedMethod, copyOf, empty, exported, parsed, problems } from "./definition";

test("a copy is another connector, whose lookups find their methods", () => {
  const from = {
    ...empty("A"),
    Name: "A",
    Id: 3,
    Revision: 9,
    Methods: [{ Name: "List", MethodUniqueIdentifier: "G1", Id: 8 }],
    Triggers: [
      { Name: "Lists", Method: "g1" },
      { Name: "Other", Method: "Named" },
    ],
    Vendor: { kept: true },
  };
  const copy = copyOf(from, "B");
  expect(copy).toMatchObject({ Name: "B", Methods: [{ Name: "List" }], Vendor: { kept: true } });
  expect(copy.Methods).toEqual([{ Name: "List" }]);
  expect(copy.Triggers).toMatchObject([{ Method: "List" }, { Method: "Named" }]);
  expect(copy.UniqueIdentifier).not.toBe((from as { UniqueIdentifier?: unknown }).UniqueIdentifier);
  expect(copy).not.toHaveProperty("Id");
});

test("a file has the definition alone, and must be an object", () => {
  expect(exported({ Id: 1, Name: "A", Unsupported: [], Revision: 4 })).toEqual({ Name: "A" });
  expect(parsed('{"Name":"A"}')).toEqual({ Name: "A" });
  expect(() => parsed("[]")).toThrow();
  expect(() => parsed("{")).toThrow();
});

test("one method is sent, and the others by what they are known by", () => {
  const all = [
    { Name: "A", MethodUniqueIdentifier: "1", MethodType: "Action", Script: "long" },
    { Name: "B", MethodUniqueIdentifier: "2", MethodType: "Action" },
    { Name: "C", Script: "kept" },
  ];
  const a = { Name: "A", MethodUniqueIdentifier: "1", MethodType: "Action", Outline: true };
  const b = { Name: "B", MethodUniqueIdentifier: "2", MethodType: "Action", Outline: true };
  expect(changedMethod(all, 1, { Name: "B2" })).toEqual([a, { Name: "B2" }, all[2]]);
  expect(changedMethod(all, 3, { Name: "D" })).toEqual([a, b, all[2], { Name: "D" }]);
  expect(changedMethod(all, 0, null)).toEqual([b, all[2]]);
});

test("what the server tells is of a field", () => {
  expect(
    problems([
      'method "Old": Methods[2].HttpMethod: "PUSH" is not known; it is GET; Methods[2].Parameters[0].Name: is required',
      "Authentication[0].AuthType: is required",
      "Name: is too long",
      "Something else",
    ]),
  ).toEqual([
    { list: "Methods", row: "Old", field: "HttpMethod", text: '"PUSH" is not known; it is GET' },
    { list: "Methods", row: "Old", field: "Parameters.0.Name", text: "is required" },
    { list: "Authentication", row: 0, field: "AuthType", text: "is required" },
    { list: "Name", row: -1, field: "", text: "is too long" },
    { list: "", row: "", field: "", text: "Something else" },
  ]);
});
