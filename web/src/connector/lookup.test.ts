import { expect, test } from "vitest";
import type { Method, Trigger } from "../api/schema";
import { chosenBefore } from "./lookup";

const parameter = (Id: number, Name: string, TriggerName = "", Hidden = false) => ({ Id, Name, TriggerName, Hidden });
const method = (Name: string, Parameters: object[]) =>
  ({ Name, MethodUniqueIdentifier: `${Name}-ID`, Parameters }) as Method;
const trigger = { TriggerId: 1, Name: "Sheets", Method: "list sheets-id" } as Trigger;
const list = method("List Sheets", [
  parameter(1, "Book", "Books"),
  parameter(2, "page", "", true),
  parameter(3, "Owner"),
]);
const own = method("Add Row", [parameter(7, "Into", "Books"), parameter(8, "page"), parameter(9, "Owner")]);

test("a lookup is given what was chosen before", () => {
  const chosen: Record<string, string> = { Into: "b1", page: "2" };
  expect(chosenBefore((name) => chosen[name], own, { ...trigger, Method: "List Sheets-id" }, [list])).toEqual({
    1: "b1",
  });
});

test("nothing is given where nothing was chosen, or of a method that is not there", () => {
  expect(chosenBefore(() => undefined, own, { ...trigger, Method: "List Sheets" }, [list])).toEqual({});
  expect(chosenBefore(() => "b1", own, trigger, [])).toEqual({});
});
