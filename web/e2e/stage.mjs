/**
 * Something for the console to show: a server on a folder of its own, with the
 * sample CRM and mailing service, two accounts and an integration that has run.
 * It is made from outside, by commands and the public API, from the programs
 * that `make build` leaves in bin/.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..", "..");
const patience = 60_000;
const crmKey = "e2e-crm-key";
const mailing = { user: "acme", password: "e2e-mailing-password" };
const contacts = [
  { first_name: "Ada", last_name: "Okafor", email: "ada@example.com", consent: true },
  { first_name: "Cem", last_name: "Yildiz", email: "cem@example.com", consent: false },
];

/** Starts everything; close() ends it and removes its folder. Bare, the partner has no account and no template yet. */
export const setStage = ({ bare = false } = {}) =>
  staged(async (folder, start) => {
    const { api, server, ...stage } = await raise(folder, start);
    if (!bare) await play(api, server, stage);
    return { ...stage, account: bare ? undefined : "page-turner-books" };
  });

/** The demo, when its story is told. */
export const setDemo = () =>
  staged(async (folder, start) => {
    const demo = start("tandem", "demo", "--data", join(folder, "demo"), "--listen", "127.0.0.1:0");
    const [url, email, password] = await linesAfter(demo, "Look at it in the console:", 3);
    return { url, email, password, account: "page-turner-books" };
  });

async function staged(put) {
  const folder = await mkdtemp(join(tmpdir(), "tandem-e2e-"));
  const programs = [];
  const close = async () => {
    await Promise.all(programs.map(stop));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const start = (name, ...args) => {
      const program = spawn(join(root, "bin", name), args, { stdio: ["ignore", "pipe", "pipe"] });
      programs.push(program);
      program.log = "";
      program.stderr.on("data", (text) => {
        program.log += text;
      });
      return program;
    };
    return { ...(await put(folder, start)), close };
  } catch (e) {
    await close();
    throw e;
  }
}

/** An empty partner, and the two applications. */
async function raise(folder, start) {
  const data = join(folder, "data");
  const init = start(
    "tandem",
    "init",
    "--data",
    data,
    "--partner",
    "Acme Software",
    "--email",
    "sam@acme.example",
    "--json",
  );
  const keys = JSON.parse(await firstLine(init));
  await ended(init);
  const crm = await firstLine(start("crm", "--listen", "127.0.0.1:0", "--api-key", crmKey));
  const post = await firstLine(
    start(
      "mailing",
      "--listen",
      "127.0.0.1:0",
      "--user",
      mailing.user,
      "--password",
      mailing.password,
      "--lists",
      "Newsletter",
    ),
  );
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const server = start("tandem", "serve", "--data", data, "--listen", listen, "--egress-allow", "127.0.0.0/8");
  await until("the server is ready", server, async () => (await fetch(`${url}/readyz`)).ok);

  return {
    url,
    email: keys.Email,
    password: keys.Password,
    crm: { url: crm, key: crmKey },
    mailing: { url: post, ...mailing },
    api: await signedIn(url, keys),
    server,
  };
}

/** An integration that has run. */
async function play(api, server, { crm, mailing }) {
  await openAccounts(api, crm.url, mailing.url);
  for (const contact of contacts) await call(`${crm.url}/api/contacts`, { "X-Api-Key": crmKey }, contact);
  await until("the contacts were dealt with", server, async () => {
    const all = await api("GET", "/v1.0/cycles/transactions");
    return all.filter((t) => t.Status === "Completed").length === contacts.length;
  });
}

async function openAccounts(api, crm, post) {
  await api("POST", "/v1.0/accounts", {
    Id: "page-turner-books",
    Name: "Page Turner Books",
    Timezone: "Europe/London",
  });
  await api("POST", "/v1.0/accounts", { Id: "brighton", Name: "Brighton", ParentAccountId: "page-turner-books" });
  const basic = Buffer.from(`${mailing.user}:${mailing.password}`).toString("base64");
  for (const [name, AuthValue, Value] of [
    ["Bookshelf CRM", crmKey, crm],
    ["Postbag", basic, post],
  ]) {
    const Properties = [{ Name: "BaseUrl", Value }];
    await api("POST", `/v1.0/connectors/${encodeURIComponent(name)}/install`, { AuthValue, Properties });
  }
  const file = JSON.parse(await readFile(join(root, "examples", "templates", "new-contact.json"), "utf8"));
  const template = await api("POST", "/v1.0/templates/import", file);
  const cycle = await api("POST", `/v1.0/templates/${template.Id}/install`);
  await api("PUT", `/v1.0/cycles/${cycle.Id}/activate`, {});
}

/** A caller of the API with a partner's token, in the account. */
async function signedIn(url, keys) {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: keys.ClientId,
    client_secret: keys.ClientSecret,
  });
  const token = await (await fetch(`${url}/oauth/token`, { method: "POST", body })).json();
  const headers = { Authorization: `Bearer ${token.access_token}`, "X-Cyclr-Account": "page-turner-books" };
  return (method, path, json) => call(url + path, headers, json, method);
}

/** What an API answers; one that refuses is a failure. */
export async function call(url, headers, json, method = "POST") {
  const body = method === "GET" ? undefined : JSON.stringify(json ?? {});
  const answer = await fetch(url, { method, headers: { ...headers, "Content-Type": "application/json" }, body });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${url} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

async function until(what, program, done) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((r) => setTimeout(r, 100))) {
    if (await done().catch(() => false)) return;
    assert.equal(program.exitCode, null, `${what}: the server ended\n${program.log}`);
  }
  assert.fail(`waited in vain until ${what}\n${program.log}`);
}

async function firstLine(program) {
  for await (const line of createInterface({ input: program.stdout })) {
    program.stdout.resume();
    return line.trim();
  }
  assert.fail(`${program.spawnargs.join(" ")} printed nothing\n${program.log}`);
}

async function linesAfter(program, mark, count) {
  let lines;
  for await (const line of createInterface({ input: program.stdout })) {
    if (line === mark) lines = [];
    else if (lines?.push(line.trim()) === count) {
      program.stdout.resume();
      return lines;
    }
  }
  assert.fail(`${program.spawnargs.join(" ")} did not print ${mark}\n${program.log}`);
}

async function ended(program) {
  if (program.exitCode === null) await once(program, "exit");
  assert.equal(program.exitCode, 0, program.log);
}

async function stop(program) {
  if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
  const exit = once(program, "exit");
  program.kill("SIGTERM");
  const killer = setTimeout(() => program.kill("SIGKILL"), 10_000);
  await exit;
  clearTimeout(killer);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
