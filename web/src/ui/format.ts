/** How values look on screen. Dates come as RFC 3339 text. */

const zeroDate = "0001-01-01";

/** The date of a server's text; null when there is none, or its zero date. */
export function parseDate(text: string | null | undefined): Date | null {
  if (!text || text.startsWith(zeroDate)) return null;
  const date = new Date(/(Z|[+-]\d\d:\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** "5m ago"; "" within the last few seconds. */
export function relative(date: Date, now: number, locale: string): string {
  const seconds = Math.round((date.getTime() - now) / 1000);
  if (Math.abs(seconds) < 5) return "";
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  const format = new Intl.RelativeTimeFormat(locale, { style: "narrow", numeric: "always" });
  return format.format(Math.trunc(seconds / size), unit);
}

/** The exact time in a zone; an unknown zone is taken for UTC. */
export function exact(date: Date, zone: string, locale: string): string {
  const form: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "long" };
  try {
    return new Intl.DateTimeFormat(locale, { ...form, timeZone: zone }).format(date);
  } catch {
    return new Intl.DateTimeFormat(locale, { ...form, timeZone: "UTC" }).format(date);
  }
}

/** "38 ms", "2.4 s", "3 min 5 s", "2 h 10 min", "4 d 3 h". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const parts = (big: number, bigUnit: string, small: number, smallUnit: string) => {
    const whole = Math.floor(ms / big);
    const rest = Math.floor((ms - whole * big) / small);
    return rest > 0 ? `${whole} ${bigUnit} ${rest} ${smallUnit}` : `${whole} ${bigUnit}`;
  };
  if (ms < 3_600_000) return parts(60_000, "min", 1000, "s");
  if (ms < 86_400_000) return parts(3_600_000, "h", 60_000, "min");
  return parts(86_400_000, "d", 3_600_000, "h");
}

/** Whole below 10,000, then "12.3K". */
export function short(n: number, locale: string): string {
  const form: Intl.NumberFormatOptions =
    Math.abs(n) < 10_000 ? {} : { notation: "compact", maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(locale, form).format(n);
}

/** Size of a text: "912 B", "1.4 MB". */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${(n / 1000).toFixed(0)} kB`;
  return `${(n / 1_000_000).toFixed(1)} MB`;
}

/** Transactions' ids: a time, then what tells those of one millisecond apart, then a tag that all share. */
const timeOrdered = /^([0-9a-f]{8}-[0-9a-f]{4})(-8[0-9a-f]{3}-)(8[0-9a-f])74-616e64656d01$/i;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What tells a GUID from its neighbours: of a transaction's, all that can differ; any other id whole. */
export function shortId(id: string): string {
  const [, time, middle, last] = timeOrdered.exec(id) ?? [];
  if (time) return `${time}${middle === "-8000-" ? "…" : middle}${last}`;
  return guid.test(id) ? `${id.slice(0, 8)}…${id.slice(32)}` : id;
}

export type Schedule = { unit: "minute" | "hour" | "day" | "week"; count: number };

/** A cycle's interval in its largest whole unit; null: no timer. */
export function schedule(minutes: number | null | undefined): Schedule | null {
  if (!minutes) return null;
  if (minutes % 10_080 === 0) return { unit: "week", count: minutes / 10_080 };
  if (minutes % 1440 === 0) return { unit: "day", count: minutes / 1440 };
  if (minutes % 60 === 0) return { unit: "hour", count: minutes / 60 };
  return { unit: "minute", count: minutes };
}
