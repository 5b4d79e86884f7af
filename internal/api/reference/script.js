// Makes the reference interactive: searches it, gets tokens, and makes calls. The
// token is in the page alone, and gone with it.
"use strict";

document.documentElement.classList.add("js");

const one = (selector, of = document) => of.querySelector(selector);
const every = (selector, of = document) => [...of.querySelectorAll(selector)];
const who = one("#who");

// Search: all words must be in what a closed operation shows, or in its id.
const search = one("#search");
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const section of every("main section")) {
    for (const operation of every("details", section)) {
      const text = (operation.id + " " + one("summary", operation).textContent + " " + one("h2", section).textContent).toLowerCase();
      operation.hidden = !words.every((word) => text.includes(word));
    }
    section.hidden = Boolean(search.value) && every("details", section).every((operation) => operation.hidden);
  }
});
addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea")) {
    event.preventDefault();
    search.focus();
  }
});

// A link to an operation opens it.
const openLinked = () => {
  const linked = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (linked instanceof HTMLDetailsElement) linked.open = true;
};
addEventListener("hashchange", openLinked);
openLinked();

// The console's session, of which there may be one, stays out of it.
const send = (path, options) => fetch(path, { credentials: "omit", cache: "no-store", ...options });

one("#sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = one("output", who);
  try {
    const body = new URLSearchParams(new FormData(event.target));
    body.set("grant_type", "client_credentials");
    const answer = await (await send("/oauth/token", { method: "POST", body })).json();
    who.elements.token.value = answer.access_token ?? "";
    said.textContent = answer.access_token ? "There is a token." : answer.error ?? answer.Message;
  } catch (error) {
    said.textContent = String(error);
  }
});
who.addEventListener("submit", (event) => event.preventDefault());

// request is what a form asks for.
function request(form) {
  const { method, kind } = form.dataset;
  const headers = new Headers();
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const input of every("[data-in]", form)) {
    const { name, value } = input;
    if (input.dataset.in === "path") path = path.replace("{" + name + "}", encodeURIComponent(value));
    else if (value !== "" && input.dataset.in === "query") query.set(name, value);
    else if (value !== "") headers.set(name, value);
  }
  if ("token" in form.dataset && who.elements.token.value) headers.set("Authorization", "Bearer " + who.elements.token.value);
  const account = one('[name="X-Cyclr-Account"]', form);
  if (account && !account.value && who.elements.account.value) headers.set("X-Cyclr-Account", who.elements.account.value);
  let body = kind ? form.elements.body.value : undefined;
  if (body) headers.set("Content-Type", kind);
  if (body && kind !== "application/json") body = String(new URLSearchParams(JSON.parse(body))); // examples are JSON
  return [path + (query.size ? "?" + query : ""), { method, headers, body: body || undefined }];
}

// pretty is JSON with its indents, and any other text as it is.
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

for (const form of every("form[data-path]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const shown = one(".answer", form);
    const button = one("button", form);
    shown.hidden = false;
    shown.textContent = "…";
    button.disabled = true;
    try {
      const answer = await send(...request(form));
      const headers = [...answer.headers].map(([name, value]) => name + ": " + value).join("\n");
      const endless = answer.headers.get("Content-Type")?.startsWith("text/event-stream");
      const body = endless ? "(a stream, which is not shown here)" : pretty(await answer.text());
      if (endless) await answer.body.cancel();
      shown.textContent = answer.status + " " + answer.statusText + "\n" + headers + "\n\n" + body;
    } catch (error) {
      shown.textContent = String(error);
    }
    button.disabled = false;
    shown.focus();
  });
}
