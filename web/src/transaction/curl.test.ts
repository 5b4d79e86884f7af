import { expect, it } from "vitest";
import { curl } from "./curl";

it("quotes for the shell and leaves out what curl sets itself", () => {
  const command = curl({
    Method: "POST",
    URL: "http://x.test/a?b=c&d",
    Headers: { "Content-Type": "application/json", "Content-Length": "9", Host: "x.test" },
    Body: { name: "O'Brien; rm -rf $HOME" },
  });
  expect(command).toBe(
    `curl -X POST 'http://x.test/a?b=c&d' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '{"name":"O'\\''Brien; rm -rf $HOME"}'`,
  );
});

it("sends no body where there was none", () => {
  expect(curl({ URL: "http://x.test" })).toBe("curl -X GET 'http://x.test'");
});
