import type { Query, QueryClient } from "@tanstack/react-query";
import { isUnsaved, onceSaved } from "../ui/unsaved";

/** What the server says has changed. */
export interface Change {
  /** Empty: what is the partner's. */
  AccountId: string;
  /** As the operations of the API have it; empty: any. */
  Subject: string;
}

/** The first parts of the keys of what shows a subject, beside what is an account's. */
export const shows: Record<string, readonly string[]> = {
  "Access tokens": ["oauthclients"],
  Accounts: ["accounts", "activity", "session"],
  Users: ["users", "sessions", "own"],
  Embedding: ["accounts", "activity", "users"],
  Marketplaces: ["marketplaces"],
  Connectors: ["connectors", "library"],
  Templates: ["templates", "template", "folders"],
  "The account": ["accounts", "activity", "users", "sessions", "own"],
  "Installed connectors": ["connectors", "users"],
  "Custom connectors": ["connectors", "library", "customs", "custom"],
  Cycles: ["activity", "template", "templates", "custom"],
  "Steps and mappings": [],
  "Transactions and incidents": ["activity"],
  Notices: ["notices", "settings"],
  Usage: ["settings"],
  Settings: ["settings", "partner", "look", "session"],
  Console: ["consoleusers", "sessions", "session"],
  "OAuth clients": ["oauthclients"],
  "Audit log": [],
};

/** What goes on in an account by itself shows in these of its parts alone. */
const runs = "Runs";
const running = new Set(["cycles", "errors", "running", "transactions", "usage"]);

/** Subjects of the partner's that accounts show, too. */
const everywhere = new Set(["Accounts", "Templates", "Connectors", "Custom connectors", "Settings"]);

/** Whether what has a key may have changed. Accounts show what those above them have: above gives the one, if it is known. */
export function concerns(
  { AccountId, Subject }: Change,
  key: readonly unknown[],
  above: (account: string) => string | undefined,
): boolean {
  const [first, second, third] = key;
  if (Subject === runs) return first === "account" && second === AccountId && running.has(String(third));
  if (first === "audit" || (first === "dashboard" && second === "changes")) return true;
  if (Subject === "" && AccountId === "") return true;
  if (first !== "account") return Subject === "" || (shows[Subject]?.includes(String(first)) ?? true);
  if (AccountId === "") return everywhere.has(Subject);
  let account: string | undefined = String(second);
  for (let level = 0; account && level < 8; level++) {
    if (account === AccountId) return true;
    account = above(account);
  }
  return false;
}

const shortest = 2_000;
const longest = 16_000;

/**
 * Runs something soon after it is wanted: at once after a pause, and else with more time
 * between, up to a longest, the longer it goes on.
 */
export class Pace {
  private gap = shortest;
  private ran = Number.NEGATIVE_INFINITY;
  private timer?: ReturnType<typeof setTimeout>;

  constructor(private readonly run: () => void) {}

  want(): void {
    if (this.timer !== undefined) return;
    const since = Date.now() - this.ran;
    const rested = since > 2 * this.gap;
    const wait = rested ? 0 : Math.max(0, this.gap - since);
    this.gap = rested ? shortest : Math.min(2 * this.gap, longest);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.ran = Date.now();
      this.run();
    }, wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}

/**
 * Has what is on screen asked again that others changed, each subject at its own pace.
 * While something is entered that is not saved, nothing is: it would be taken for a
 * change of what has come meanwhile.
 */
export class News {
  private readonly paces = new Map<string, Pace>();
  private readonly heard = new Map<string, Change[]>();
  private forget = () => {};

  constructor(private readonly queries: QueryClient) {}

  hear(changes: Change[]): void {
    for (const change of changes) {
      const { Subject } = change;
      const known = this.heard.get(Subject) ?? [];
      if (!known.some((c) => c.AccountId === change.AccountId)) this.heard.set(Subject, [...known, change]);
      let pace = this.paces.get(Subject);
      if (!pace) {
        pace = new Pace(() => this.tell(Subject));
        this.paces.set(Subject, pace);
      }
      pace.want();
    }
  }

  /** Anything may have changed. */
  missed(): void {
    this.hear([{ AccountId: "", Subject: "" }]);
  }

  stop(): void {
    this.forget();
    for (const pace of this.paces.values()) pace.stop();
  }

  private tell(subject: string): void {
    if (isUnsaved()) {
      this.forget();
      this.forget = onceSaved(() => {
        for (const s of this.heard.keys()) this.tell(s);
      });
      return;
    }
    const changes = this.heard.get(subject) ?? [];
    this.heard.delete(subject);
    const above = (account: string) =>
      this.queries.getQueryData<{ ParentAccountId?: string | null }>(["account", account])?.ParentAccountId ??
      undefined;
    const predicate = (q: Query) => q.meta?.live !== false && changes.some((c) => concerns(c, q.queryKey, above));
    void this.queries.invalidateQueries({ predicate });
  }
}
