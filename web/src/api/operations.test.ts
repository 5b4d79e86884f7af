import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { screenless } from "./screenless";

interface Document {
  paths: Record<string, Record<string, { operationId?: string }>>;
}

/** The public API's operations by "GET /v1.0/accounts/{}": the names in a path do not matter. */
function operations(): Map<string, string> {
  const { paths }: Document = JSON.parse(readFileSync("gen/openapi.json", "utf8"));
  const all = Object.entries(paths).flatMap(([path, of]) =>
    Object.entries(of).map(([method, { operationId }]) => [key(method, path), operationId ?? ""] as const),
  );
  return new Map(all.filter(([, id]) => id));
}

const key = (method: string, path: string) => `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "{}")}`;

/** What stands for any part of a path. */
const open = /^\$\{\}$/;

/** An operation is called, if there is a call of it; "${…}" in one may stand for any part of a path. */
const fits = (operation: string, call: string) => {
  const [parts, said] = [operation.split("/"), call.split("/")];
  return parts.length === said.length && said.every((part, i) => open.test(part) || part === parts[i]);
};

/** The console's source, without tests. */
const sources = () =>
  readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|screenless/.test(name))
    .map((name) => readFileSync(`src/${name}`, "utf8"));

/** A path, as the argument of a call of the client or, for what is only read, by itself; also a beginning that has a name. */
const mention = /(?:\bclient\.([A-Z]+)\(\s*)?["'`]((?:\/v1\.0|\/oauth|\$\{\w+\})[^"'`?]*)/g;
const named = /\bconst (\w+) = "(\/v1\.0[^"]*)"/g;

/** What is put behind a path. */
const query = /(?<=\w)\$\{\w+\}$/;

/** The text with paths that depend on something written out: one for each way. */
const spelled = (text: string) =>
  text
    .replace(
      /`([^`$]*)\$\{[^`{}]* \? "([^"]*)" : "([^"]*)"\}`/g,
      (_, path, one, other) => `"${path}${one}" "${path}${other}"`,
    )
    .replace(/\beither\(\w+, "([^"]+)"\)/g, (_, path) => `"/v1.0/${path}" "/v1.0/account/${path}"`);

/** What a file calls. */
function called(text: string): string[] {
  const begins = new Map([...text.matchAll(named)].map(([, name = "", path = ""]) => [name, path]));
  const whole = spelled(text).replace(/(\bclient\.[A-Z]+\(\s*)(\w+)(?=[,)])/g, (all, call, name) =>
    begins.has(name) ? `${call}"${begins.get(name)}"` : all,
  );
  return [...whole.matchAll(mention)].map(([, method, path = ""]) => {
    const full = path.replace(/^\$\{(\w+)\}/, (all, name) => begins.get(name) ?? all).replace(query, "");
    return key(method ?? "GET", method ? full : full.replaceAll("${", "{"));
  });
}

it("finds calls in source, whatever the way in which the path is written", () => {
  const text = `
    const path = "/v1.0/things";
    client.GET(path, {});
    client.PUT(\`\${path}/{id}\`, {});
    client.DELETE(
      "/v1.0/things/{id}", {});
    report(either(f, "usage/days"), \`/v1.0/errors/\${f.bad ? "bad" : "worse"}\`);
    follow({ path: \`/v1.0/things/\${encodeURIComponent(id)}/live\${query}\` });`;
  expect(called(text)).toEqual(
    expect.arrayContaining([
      "GET /v1.0/things",
      "PUT /v1.0/things/{}",
      "DELETE /v1.0/things/{}",
      "GET /v1.0/things/{}/live",
      "GET /v1.0/usage/days",
      "GET /v1.0/account/usage/days",
      "GET /v1.0/errors/bad",
      "GET /v1.0/errors/worse",
    ]),
  );
  const [any = ""] = called(`client.POST(\`/v1.0/things/\${act}\`)`);
  expect(fits("POST /v1.0/things/drop", any)).toBe(true);
  expect(fits("GET /v1.0/things/live", "GET /v1.0/things/{}")).toBe(false);
});

it("has every operation on a screen, or says why it is on none", () => {
  const all = operations();
  const calls = sources().flatMap(called);
  const used = [...all].filter(([operation]) => calls.some((call) => fits(operation, call))).map(([, id]) => id);
  const excused = Object.values(screenless).flat();
  expect(excused.filter((id) => used.includes(id) || ![...all.values()].includes(id))).toEqual([]);
  expect([...all.values()].filter((id) => !used.includes(id) && !excused.includes(id))).toEqual([]);
}, 30_000);
