import type { LocationRewrite } from "@tanstack/react-router";

/**
 * The routes of an account are the same for all who look; its own people know
 * of one account alone, and their addresses name none.
 */
export function withoutAccount(account: string): LocationRewrite {
  const base = `/accounts/${encodeURIComponent(account)}`;
  return {
    input: ({ url }) => {
      url.pathname = base + (url.pathname === "/" ? "" : url.pathname);
      return url;
    },
    output: ({ url }) => {
      url.pathname = url.pathname.replace(/^\/accounts(\/[^/]+)?(?=\/|$)/, "") || "/";
      return url;
    },
  };
}
