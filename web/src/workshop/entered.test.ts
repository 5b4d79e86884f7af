import { expect, test } from "vitest";
import { fromForm, toForm } from "./entered";
import { connectorParameter, method } from "./shapes";

test("a part comes out of a form as it went in", () => {
  const row = {
    Name: "Size",
    targettype: "QueryString",
    Optional: true,
    Values: [{ Value: "s", Label: "Small" }, { Value: "m" }],
    Vendor: { kept: false },
  };
  const form = toForm(row, connectorParameter);
  expect(form).toMatchObject({ Name: "Size", TargetType: "QueryString", Values: "s = Small\nm", Hidden: false });
  expect(fromForm(form, connectorParameter)).toEqual({
    Name: "Size",
    TargetType: "QueryString",
    Optional: true,
    Values: row.Values,
    Vendor: { kept: false },
  });
});

test("what is within another object comes and goes with it", () => {
  const form = toForm({ Paging: { Items: "rows", PageSize: 50, Vendor: 1 } }, method.paging);
  expect(form).toMatchObject({
    Paging: { Items: "rows", PageSize: 50, MaxPages: null },
    RateLimit: { Requests: null },
  });
  expect(fromForm(form, method.paging)).toEqual({ Paging: { Items: "rows", PageSize: 50, Vendor: 1 } });
  expect(fromForm(toForm({}, method.paging), method.paging)).toEqual({});
});

test("JSON that is none is an error", () => {
  expect(() => fromForm({ ResponseFieldSource: "{" }, method.custom)).toThrow();
  expect(fromForm({ ResponseFieldSource: '{"Method":"A"}' }, method.custom)).toEqual({
    ResponseFieldSource: { Method: "A" },
  });
});
