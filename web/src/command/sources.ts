import { client, value } from "../api/client";
import type { Area } from "../session/may";
import { type Hit, type Kind, transactionId } from "./find";

/** Where the server finds things of a kind. */
export interface Source {
  kind: Kind;
  /** What one must be able to view. */
  area: Area;
  find(typed: string, signal: AbortSignal): Promise<Hit[]>;
}

/** Where things are found. */
export interface Index {
  sources: readonly Source[];
  /** The manual, whole; none: it is not for who looks. */
  help?(signal: AbortSignal): Promise<Hit[]>;
  /** What the field says as long as nothing is typed. */
  hint: "command.hint" | "command.ownHint";
}

const pageSize = 5;

const account: Source = {
  kind: "account",
  area: "Accounts",
  async find(query, signal) {
    const found = await value(client.GET("/v1.0/accounts", { params: { query: { query, pageSize } }, signal }));
    return found.map((a) => ({
      kind: "account",
      to: `/accounts/${encodeURIComponent(a.Id)}`,
      label: a.Name,
      detail: a.Id,
    }));
  },
};

const template: Source = {
  kind: "template",
  area: "Templates",
  async find(query, signal) {
    const params = { query: { query, includeUnpublished: true, pageSize } };
    const found = await value(client.GET("/v1.0/templates", { params, signal }));
    return found.map((t) => ({ kind: "template", to: `/templates/${t.Id}`, label: t.Name, detail: t.Tags.join(", ") }));
  },
};

const connector: Source = {
  kind: "connector",
  area: "Connectors",
  async find(query, signal) {
    const found = await value(client.GET("/v1.0/connectors", { params: { query: { query, pageSize } }, signal }));
    return found.map((c) => ({ kind: "connector", to: `/connectors/${c.Id}`, label: c.Name, detail: c.Version }));
  },
};

const transaction: Source = {
  kind: "transaction",
  area: "Reports",
  async find(typed, signal) {
    const id = transactionId(typed);
    if (!id) return [];
    const { data: at } = await client.GET("/v1.0/transactions/{id}/place", { params: { path: { id } }, signal });
    if (!at) return []; // there is none, or it is kept no longer
    const to = `/accounts/${encodeURIComponent(at.AccountId)}/cycles/${at.CycleId}/transactions/${id}`;
    return [{ kind: "transaction", to, label: id, detail: at.AccountName }];
  },
};

interface Contents {
  Name: string;
  Title: string;
  Headings: { Anchor: string; Title: string }[] | null;
}

/** The manual's pages, and their parts. */
async function manual(signal: AbortSignal): Promise<Hit[]> {
  const answer = await fetch("/docs/contents.json", { signal });
  if (!answer.ok) return [];
  const pages: Contents[] = await answer.json();
  return pages.flatMap((p): Hit[] => [
    { kind: "help", to: `/docs/${p.Name}`, label: p.Title },
    ...(p.Headings ?? []).map(
      (h): Hit => ({ kind: "help", to: `/docs/${p.Name}#${h.Anchor}`, label: h.Title, detail: p.Title }),
    ),
  ]);
}

/** What the console finds. */
export const consoleIndex: Index = {
  sources: [account, template, connector, transaction],
  help: manual,
  hint: "command.hint",
};
