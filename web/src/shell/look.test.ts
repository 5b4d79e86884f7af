import { afterEach, expect, it, vi } from "vitest";
import { askLook, variables } from "./look";

afterEach(() => vi.unstubAllGlobals());

it("sets the accent, and text in it", () => {
  expect(variables("#0b5cad")).toEqual({
    "--accent": "#0b5cad",
    "--accent-text": "light-dark(color-mix(in srgb, #0b5cad 85%, black), color-mix(in srgb, #0b5cad 45%, white))",
  });
});

it.each(["", "blue", "#fff", "#0b5cad;}"])("leaves it as it is for %j", (color) => {
  expect(variables(color)).toEqual({});
});

it("is plain where the server cannot say", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("offline")));
  expect(await askLook()).toEqual({
    ProductName: "",
    AccentColor: "",
    Logo: "",
  });
});
