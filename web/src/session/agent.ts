const browsers: [string, RegExp][] = [
  ["Edge", /Edg(?:e|A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Firefox", /Firefox\/|FxiOS\//],
  ["Chrome", /Chrome\/|CriOS\//],
  ["Safari", /Version\/.*Safari\//],
];

const systems: [string, RegExp][] = [
  ["iOS", /iPhone|iPad/],
  ["Android", /Android/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS X/],
  ["Linux", /Linux|X11/],
];

const named = (all: [string, RegExp][], agent: string) => all.find(([, pattern]) => pattern.test(agent))?.[0];

/** What a browser calls itself, as people call it; undefined: it is none that is known. */
export function browserOf(agent: string): { browser: string; system?: string } | undefined {
  const browser = named(browsers, agent);
  return browser ? { browser, system: named(systems, agent) } : undefined;
}
