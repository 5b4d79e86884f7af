import type { Exchange } from "../api/schema";

/** A request as a command for a POSIX shell. Credentials were never recorded, so they are not in it. */
export function curl(request: Exchange): string {
  const parts = [`curl -X ${request.Method || "GET"} ${quote(request.URL ?? "")}`];
  for (const [name, value] of Object.entries(request.Headers ?? {})) {
    if (/^(content-length|host|accept-encoding)$/i.test(name)) continue;
    parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  const { Body: body } = request;
  if (body !== undefined && body !== null && body !== "") {
    parts.push(`--data-raw ${quote(typeof body === "string" ? body : JSON.stringify(body))}`);
  }
  return parts.join(" \\\n  ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
