import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/client";
import { confirmCode, forgot, signIn, tokenOf, trimCode } from "./door";

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: unknown) {
  const fetch = vi.fn(async (_path: string, _init: RequestInit) => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

describe("the door", () => {
  it("tells what is left to do", async () => {
    const fetch = answering(200, { Next: "Code", Token: "t" });
    expect(await signIn("a@x.test", "secret")).toEqual({ Next: "Code", Token: "t" });
    expect(fetch.mock.calls[0]?.[0]).toBe("/console/session");
    expect(fetch.mock.calls[0]?.[1].body).toBe('{"Email":"a@x.test","Password":"secret"}');
  });
  it("gives a refusal in the server's words", async () => {
    answering(401, { Message: "The code is wrong." });
    await expect(confirmCode("t", "1")).rejects.toEqual(new ApiError(401, "The code is wrong."));
  });
  it("says that a forgotten password cannot be mailed about", async () => {
    answering(503, { Message: "Mail is not set up here." });
    await expect(forgot("a@x.test")).rejects.toEqual(new ApiError(503, "Mail is not set up here."));
  });
  it("reads the token of a link, and codes as people write them", () => {
    expect(tokenOf("#abc")).toBe("abc");
    expect(tokenOf("")).toBe("");
    expect(trimCode(" 123 456 ")).toBe("123456");
  });
});
