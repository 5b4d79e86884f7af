import { describe, expect, it } from "vitest";
import type { Step } from "./design";
import type { Sources } from "./MappingField";
import { isCode, isScript, offers } from "./offers";

const step: Step = { Id: "1", Name: "Order", ActionType: 1, DisplayPositionLeft: 0, DisplayPositionTop: 0 };
const sources: Sources = {
  fields: [{ step, location: "email", label: "Email" }],
  variables: [{ value: "Region", label: "Region" }],
};

/** What a text is when the option of a label is taken at the mark ^. */
function take(marked: string, label: string, asked = false): string | undefined {
  const caret = marked.indexOf("^");
  const text = marked.replace("^", "");
  const found = offers(text, caret, asked, sources);
  const option = found?.all.find((o) => o.label === label);
  if (!found || !option) return undefined;
  const at = found.start + option.text.length - (option.back ?? 0);
  const next = text.slice(0, found.start) + option.text + text.slice(found.end);
  return `${next.slice(0, at)}^${next.slice(at)}`;
}

describe("offers", () => {
  it.each([
    ["Dear {{em^", "email", "Dear {{email}}^"],
    ["{{^}} b", "Region", "{{Region}}^ b"],
    ["{{ Order::e^", "email", "{{email}}^"],
    ["{{email | lo^", "lower", "{{email | lower}}^"],
    ["{{email | lo^}}", "lower", "{{email | lower^}}"],
    ["{{email | trim | rep^", "replace", "{{email | trim | replace:^}}"],
    ["=[em^] + 1", "email", "=[email]^ + 1"],
    ["={{em^", "email", "={{email}}^"],
  ])("in %j", (text, label, want) => expect(take(text, label)).toBe(want));

  it("nothing elsewhere, unless it is asked for", () => {
    expect(take("a^b", "email")).toBeUndefined();
    expect(take("a[^", "email")).toBeUndefined();
    expect(take("a^b", "email", true)).toBe("a{{email}}^b");
  });

  it("looks for what is written of the word", () => {
    expect(offers("{{ em", 5, false, sources)).toMatchObject({ start: 0, from: 3, end: 5 });
  });
});

it("tells scripts and merge fields from texts", () => {
  expect(["=1", "==1", "a=b"].map(isScript)).toEqual([true, false, false]);
  expect(["=1", "a{{b}}", "plain"].map(isCode)).toEqual([true, true, false]);
});
