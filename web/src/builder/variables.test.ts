import { expect, it } from "vitest";
import { kinds, read } from "./design";
import { addVariable, mayBeCalled, removeVariable, renameVariable } from "./variables";

const design = read({
  Variables: [
    { SystemName: "List", DisplayName: "List", Value: "7" },
    { SystemName: "Other", Value: "" },
  ],
  Steps: [
    {
      Id: "s",
      ActionType: kinds.Action,
      Parameters: [{ Target: "list", MappingType: "Variable", Variable: "List" }],
      Fields: [{ Target: "text", MappingType: "StaticValue", Value: "{{List}} {{ List | upper }} {{Listed}} List" }],
    },
  ],
});

it("adds under a name of its own", () => {
  expect(addVariable(addVariable(design, "List"), "New").Variables.map((v) => v.SystemName)).toEqual([
    "List",
    "Other",
    "List2",
    "New",
  ]);
});

it("renames where it is used", () => {
  const [step] = renameVariable(design, 0, "Way$1").Steps;
  expect(step?.Parameters?.[0]?.Variable).toBe("Way$1");
  expect(step?.Fields?.[0]?.Value).toBe("{{Way$1}} {{ Way$1 | upper }} {{Listed}} List");
  expect(renameVariable(design, 0, "Other")).toBe(design);
});

it.each([
  ["", false],
  ["a b", false],
  ["a::b", false],
  ["Other", false],
  ["List", true],
  ["Größe", true],
])("may be called %j: %s", (name, may) => expect(mayBeCalled(design, 0, name)).toBe(may));

it("leaves its value where it was", () => {
  const less = removeVariable(design, 0);
  expect(less.Variables).toHaveLength(1);
  expect(less.Steps[0]?.Parameters?.[0]).toMatchObject({ MappingType: "StaticValue", Value: "7" });
});
