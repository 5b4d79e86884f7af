import { client, value, within } from "../api/client";
import { type Hit, transactionId, words } from "../command/find";
import type { Index, Source } from "../command/sources";

const pageSize = 5;

/** What the people of an account find in it, by calls that each of them may make. */
export function indexOf(account: string): Index {
  const header = within(account);
  const base = `/accounts/${encodeURIComponent(account)}`;
  const cycle: Source = {
    kind: "cycle",
    area: "Accounts",
    async find(query, signal) {
      const found = await value(client.GET("/v1.0/cycles", { params: { header, query: { query, pageSize } }, signal }));
      return found.map((c): Hit => ({ kind: "cycle", to: `${base}/cycles/${c.Id}`, label: c.Name }));
    },
  };
  const template: Source = {
    kind: "template",
    area: "Accounts",
    async find(query, signal) {
      const params = { query: { query, pageSize } };
      const found = await value(client.GET("/v1.0/templates", { params, signal }));
      const to = (name: string) => `${base}/templates?query=${encodeURIComponent(name)}`;
      return found.map((t): Hit => ({ kind: "template", to: to(t.Name), label: t.Name, detail: t.Tags.join(", ") }));
    },
  };
  const connector: Source = {
    kind: "connector",
    area: "Accounts",
    async find(typed, signal) {
      const params = { header, query: { pageSize: 1000 } };
      const all = await value(client.GET("/v1.0/account/connectors", { params, signal }));
      return named(all, typed).map(
        (c): Hit => ({ kind: "connector", to: `${base}/connectors/${c.Id}`, label: c.Name, detail: c.Connector?.Name }),
      );
    },
  };
  const transaction: Source = {
    kind: "transaction",
    area: "Reports",
    async find(typed, signal) {
      const id = transactionId(typed);
      if (!id) return [];
      const params = { header, path: { id } };
      const { data: at } = await client.GET("/v1.0/transactions/{id}", { params, signal });
      if (!at) return []; // there is none, or it is kept no longer
      return [{ kind: "transaction", to: `${base}/cycles/${at.CycleId}/transactions/${id}`, label: id }];
    },
  };
  return { sources: [cycle, template, connector, transaction], hint: "command.ownHint" };
}

/** The first few that have all of the words in their name. */
export function named<T extends { Name: string }>(all: readonly T[], typed: string): T[] {
  const wanted = words(typed);
  return all.filter((one) => wanted.every((word) => one.Name.toLowerCase().includes(word))).slice(0, pageSize);
}
