import type { AccountConnector } from "../api/schema";
import { parseDate } from "../ui/format";
import type { StatusName } from "../ui/Status";

/** How an installed connector is: its status, and until or since when, if that matters. */
export interface State {
  status: StatusName;
  at?: string;
}

/** As long before its end a sign-in is said to end soon. */
const soon = 7 * 86_400_000;

type Told = Pick<AccountConnector, "AuthenticationState" | "AuthenticationNote" | "ExpiresAtUtc" | "LimitedUntilUtc">;

/** The worst that is known of it comes first. */
export function stateOf(c: Told, now: number): State {
  if (c.AuthenticationState === "NotAuthenticated") return { status: "NotAuthenticated" };
  if (c.AuthenticationNote) return { status: "Failing" };
  const limited = parseDate(c.LimitedUntilUtc)?.getTime() ?? 0;
  if (limited > now) return { status: "RateLimited", at: c.LimitedUntilUtc ?? undefined };
  const end = parseDate(c.ExpiresAtUtc)?.getTime();
  if (end === undefined) return { status: "Authenticated" };
  if (end <= now) return { status: "Expired", at: c.ExpiresAtUtc ?? undefined };
  return { status: end - now < soon ? "Expiring" : "Authenticated", at: c.ExpiresAtUtc ?? undefined };
}
