import { type Row, said } from "./definition";

/** One value that a trial of a method may be given. */
export interface TryInput {
  key: string;
  kind: "property" | "parameter" | "field";
  name: string;
  label: string;
  /** What is used without one. */
  otherwise: string;
}

const list = (v: unknown): Row[] => (Array.isArray(v) ? v : []);
const isTrue = (row: Row, name: string) => row[name] === true || row[name] === "true";

function input(kind: TryInput["kind"], row: Row, name: string): TryInput {
  return {
    key: `${kind} ${name}`,
    kind,
    name,
    label: said(row, "DisplayName") || name,
    otherwise: said(row, "Default"),
  };
}

/** What a method asks for: its properties only if none are those of an account's connector. */
export function inputs(connector: Row, method: Row, properties: boolean): TryInput[] {
  const open = (row: Row) => !isTrue(row, "Hidden") && said(row, "Value") === "";
  const asked = list(connector.Parameters).filter(
    (p) => isTrue(p, "AccountConnectorProperty") || isTrue(p, "PartnerConnectorProperty"),
  );
  return [
    ...(properties ? asked.map((p) => input("property", p, said(p, "Name"))) : []),
    ...list(method.Parameters)
      .filter((p) => open(p) && said(p, "TargetType") !== "ResponseField")
      .map((p) => input("parameter", p, said(p, "Name"))),
    ...list(method.RequestFields)
      .filter((f) => open(f) && !isTrue(f, "ReadOnly"))
      .map((f) => input("field", f, said(f, "ConnectorField"))),
  ];
}

/** A name and a password with a colon between them, as Basic authentication takes them. */
export const basic = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
