import type { Hit } from "./find";

/** How many are remembered. */
const limit = 8;

const key = (of: string) => `tandem.recent.${of}`;

/** What somebody went to, the last first; kept in this browser. */
export function recent(of: string): Hit[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(of)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isHit) : [];
  } catch {
    return []; // unreadable, or not allowed
  }
}

/** Remembers that somebody went to it. */
export function remember(of: string, hit: Hit): void {
  const others = recent(of).filter((h) => h.to !== hit.to);
  try {
    localStorage.setItem(key(of), JSON.stringify([hit, ...others].slice(0, limit)));
  } catch {
    // full, or not allowed: it is a convenience
  }
}

function isHit(v: unknown): v is Hit {
  const hit = v as Partial<Hit> | null;
  return typeof hit?.to === "string" && hit.to.startsWith("/") && typeof hit.label === "string" && !!hit.kind;
}
