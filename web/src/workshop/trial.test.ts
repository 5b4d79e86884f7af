import { expect, test } from "vitest";
import { basic, inputs } from "./trial";

test("a trial asks for what a step would be asked for", () => {
  const connector = {
    Parameters: [
      { Name: "BaseUrl", DisplayName: "Address", AccountConnectorProperty: true },
      { Name: "Fixed", Value: "1" },
    ],
  };
  const method = {
    Parameters: [
      { Name: "page", Hidden: true, Value: "CYCLR_PAGE_NUMBER" },
      { Name: "since", Default: "2020", TargetType: "QueryString" },
      { Name: "next", TargetType: "ResponseField" },
    ],
    RequestFields: [{ ConnectorField: "a.b" }, { ConnectorField: "id", ReadOnly: true }],
  };
  expect(inputs(connector, method, true).map((i) => [i.kind, i.label, i.otherwise])).toEqual([
    ["property", "Address", ""],
    ["parameter", "since", "2020"],
    ["field", "a.b", ""],
  ]);
  expect(inputs(connector, method, false)).toHaveLength(2);
});

test("a name and a password are sent as Basic takes them", () => {
  expect(basic("ada:pässword")).toBe("YWRhOnDDpHNzd29yZA==");
});
