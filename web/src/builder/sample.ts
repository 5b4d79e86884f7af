/** What steps answered when they were tried, by their ids. */
export type Samples = ReadonlyMap<string, unknown>;

/** The parts of a location such as a.[items].b. */
function partsOf(location: string): { name: string; list: boolean }[] {
  const found = location.matchAll(/\['([^']*)'\]|\[([^[\]']*)\]|([^.[\]]+)/g);
  return [...found].map(([, quoted, list, plain]) => ({
    name: quoted ?? list ?? plain ?? "",
    list: list !== undefined,
  }));
}

/** The first value at a location of a document. */
export function valueAt(document: unknown, location: string): unknown {
  let at = document;
  for (const { name, list } of partsOf(location)) {
    if (name !== "") at = at && typeof at === "object" ? (at as Record<string, unknown>)[name] : undefined;
    if (list) at = Array.isArray(at) ? at[0] : undefined;
  }
  return at;
}

/** As many locations are offered of an answer, and as deep. */
const most = 300;
const deepest = 8;

/** Where the values of a document are. */
export function locationsOf(document: unknown): string[] {
  const found = new Set<string>();
  const look = (v: unknown, at: string, depth: number) => {
    if (found.size >= most || depth > deepest) return;
    if (Array.isArray(v)) {
      for (const item of v.slice(0, 5))
        look(
          item,
          at.replace(/[^.]*$/, (name) => `[${name}]`),
          depth + 1,
        );
    } else if (v && typeof v === "object") {
      for (const [name, inner] of Object.entries(v)) look(inner, [at, part(name)].filter(Boolean).join("."), depth + 1);
    } else if (at) found.add(at);
  };
  look(document, "", 0);
  return [...found];
}

const part = (name: string) => (/[\s.[\]'"]/.test(name) ? `['${name}']` : name);

/** A body, as a document if it is one. */
export function documentOf(body: unknown): unknown {
  if (typeof body !== "string") return body ?? undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
