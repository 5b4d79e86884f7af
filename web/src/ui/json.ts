/** A piece of a JSON text and what it is, for its colour. */
export interface Token {
  kind: "key" | "string" | "number" | "word" | "plain";
  text: string;
}

/** A recorded body as text: JSON indented, anything else as it was. */
export function pretty(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}

const pattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

/** Cuts a JSON text into coloured pieces; joined they give the text again. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const m of text.matchAll(pattern)) {
    if (m.index > end) found.push({ kind: "plain", text: text.slice(end, m.index) });
    const [whole, quoted, colon, number] = m;
    if (quoted !== undefined) {
      found.push({ kind: colon === undefined ? "string" : "key", text: quoted });
      if (colon !== undefined) found.push({ kind: "plain", text: colon });
    } else {
      found.push({ kind: number !== undefined ? "number" : "word", text: whole });
    }
    end = m.index + whole.length;
  }
  if (end < text.length) found.push({ kind: "plain", text: text.slice(end) });
  return found;
}
