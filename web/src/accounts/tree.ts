import type { Account } from "../api/schema";

/** An account as a row of the tree. */
export interface Row {
  account: Account;
  depth: number;
  children: number;
  /** Name of the account above, when it is listed. */
  parent?: string;
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/**
 * The accounts as rows of a tree, parents before their children, each level as it
 * is listed or else by name. Children of what is in folded are left out. An account whose parent is
 * not in the list (it is on another page, or did not match a search) stands at
 * the top level, as do the members of a ring, which no valid data has.
 */
export function treeRows(accounts: Account[], folded: ReadonlySet<string>, asListed = false): Row[] {
  const byId = new Map(accounts.map((a) => [a.Id, a]));
  const children = groupByParent(byId);
  const rows: Row[] = [];
  const seen = new Set<string>();
  const sorted = asListed ? (all: Account[]) => all : named;
  const add = (account: Account, depth: number, parent?: Account) => {
    if (seen.has(account.Id)) return;
    seen.add(account.Id);
    const below = children.get(account.Id) ?? [];
    rows.push({ account, depth, children: below.length, parent: parent?.Name });
    for (const child of sorted(below)) {
      if (folded.has(account.Id)) hide(child);
      else add(child, depth + 1, account);
    }
  };
  const hide = (account: Account) => {
    if (seen.has(account.Id)) return;
    seen.add(account.Id);
    for (const child of children.get(account.Id) ?? []) hide(child);
  };
  for (const account of sorted(children.get(null) ?? [])) add(account, 0);
  for (const account of sorted([...byId.values()])) add(account, 0);
  return rows;
}

function parentIn(a: Account, all: Map<string, Account>): Account | undefined {
  return a.ParentAccountId == null || a.ParentAccountId === a.Id ? undefined : all.get(a.ParentAccountId);
}

function named(accounts: Account[]): Account[] {
  return [...accounts].sort((a, b) => byName.compare(a.Name, b.Name));
}

function groupByParent(all: Map<string, Account>): Map<string | null, Account[]> {
  const groups = new Map<string | null, Account[]>();
  for (const a of all.values()) {
    const key = parentIn(a, all)?.Id ?? null;
    const group = groups.get(key);
    if (group) group.push(a);
    else groups.set(key, [a]);
  }
  return groups;
}
