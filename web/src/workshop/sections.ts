/** The parts of a connector's page, in their order. */
export const sections = [
  "settings",
  "authentication",
  "parameters",
  "triggers",
  "methods",
  "limits",
  "script",
  "json",
  "releases",
] as const;

export type Section = (typeof sections)[number];
