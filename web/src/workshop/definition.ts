import { guid } from "../builder/guid";

/** A part of a definition: a method, a parameter, a field. What is not known here is kept as it is. */
export type Row = Record<string, unknown>;

/** A definition, as the API gives it. */
export interface Definition extends Row {
  Name: string;
  Methods: Row[];
}

/** Properties that are the server's, not the definition's. */
const ours = ["Id", "CreatedOnUtc", "Revision", "Unsupported", "ReleaseStatus", "Status", "Outline"];

/** What is kept in a file: the definition alone. */
export const exported = (d: Row): Row => without(d, ours);

const without = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

/** What a row says of itself, under any spelling of the name. */
export function said(row: Row, name: string): string {
  const found = Object.keys(row).find((k) => k.toLowerCase() === name.toLowerCase());
  const value = found === undefined ? undefined : row[found];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

const list = (v: unknown): Row[] => (Array.isArray(v) ? v : []);

/** A connector with nothing in it but what it needs to be one. */
export const empty = (name: string): Row => ({
  Name: name,
  Version: "1.0",
  UniqueIdentifier: guid(),
  Authentication: [{ Name: "API key", AuthType: "ApiKey" }],
  Parameters: [
    {
      Name: "BaseUrl",
      DisplayName: "Address",
      TargetType: "MergeField",
      DataType: "Text",
      AccountConnectorProperty: true,
    },
  ],
  Methods: [],
});

/** Another connector like d. Its methods are others: lookups find theirs by name, not by what they were. */
export function copyOf(d: Definition, name: string): Row {
  const names = new Map(d.Methods.map((m) => [said(m, "MethodUniqueIdentifier").toLowerCase(), said(m, "Name")]));
  return {
    ...without(exported(d), ["ReleaseNotes"]),
    Name: name,
    Version: "1.0",
    UniqueIdentifier: guid(),
    Methods: d.Methods.map((m) => without(m, ["MethodUniqueIdentifier", "Id"])),
    Triggers: list(d.Triggers).map((t) => ({ ...t, Method: names.get(said(t, "Method").toLowerCase()) ?? t.Method })),
  };
}

/** The definition in a file; a text that is none says why. */
export function parsed(text: string): Row {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SyntaxError("not an object");
  return value as Row;
}

/** All methods, of which only one is sent: the server knows the others by their outlines. */
export function changedMethod(all: Row[], at: number, now: Row | null): Row[] {
  const outlined = all.map((m, i) => (i === at ? now : outline(m)));
  if (at >= all.length && now) outlined.push(now);
  return outlined.filter((m): m is Row => m !== null);
}

/** A method as what it is known by; one that has no identifier is sent whole. */
function outline(m: Row): Row {
  const id = said(m, "MethodUniqueIdentifier");
  return id ? { Name: m.Name, MethodUniqueIdentifier: id, MethodType: m.MethodType, Outline: true } : m;
}

/** What the server cannot use: of which list and which row, by the name of the field. */
export interface Problem {
  /** Such as "Methods"; "" if it is about the whole. */
  list: string;
  /** The method's name, or the place in the list. */
  row: string | number;
  /** Of the field within the row, such as "Parameters.0.TargetType". */
  field: string;
  text: string;
}

const told = /^([A-Z]\w*)(?:\[(\d+)\])?(?:\.([\w[\].]*))?: ([\s\S]*)$/;

/** Reads what the server tells, a line of which may tell several things of a method. */
export function problems(lines: readonly string[]): Problem[] {
  return lines.flatMap((line) => {
    const of = /^method "([\s\S]*?)": ([\s\S]*)$/.exec(line);
    const parts = (of?.[2] ?? line).split(/; (?=[A-Z]\w*\[\d+\])/);
    return parts.map((part) => {
      const m = told.exec(part);
      if (!m) return { list: of ? "Methods" : "", row: of?.[1] ?? "", field: "", text: part };
      const field = (m[3] ?? "").replaceAll("[", ".").replaceAll("]", "");
      return { list: m[1] ?? "", row: of?.[1] ?? Number(m[2] ?? -1), field, text: m[4] ?? "" };
    });
  });
}
