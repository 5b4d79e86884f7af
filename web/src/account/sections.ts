/** The sections of an account, in the order in which they are shown, and the page of the manual that tells of each. */
export const sections = [
  { name: "cycles", docs: "running" },
  { name: "templates", docs: "running#templates-to-use" },
  { name: "transactions", docs: "running#a-transaction" },
  { name: "connectors", docs: "installed-connectors" },
  { name: "errors", docs: "errors" },
  { name: "reports", docs: "usage#reports-on-screen" },
  { name: "users", docs: "people" },
  { name: "settings", docs: "accounts#settings-and-what-is-inherited" },
] as const;

/** The section that a path within an account is in. */
export function sectionOf(path: string) {
  const [, name] = /^\/accounts\/[^/]+\/([^/]+)/.exec(path) ?? [];
  return sections.find((s) => s.name === name);
}
