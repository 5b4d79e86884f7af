import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { Section } from "../ui/field";
import { problems, type Row } from "./definition";
import { Rows } from "./Rows";
import { SectionForm, useSame } from "./SectionForm";
import type { Shape } from "./shapes";

export interface ListOf {
  /** The property of the definition. */
  name: "Authentication" | "Parameters" | "Triggers" | "MethodCategories" | "RateLimits";
  shapes: readonly Shape[];
  columns: readonly Shape["label"][];
}

interface Props {
  of: CustomConnector;
  lists: readonly ListOf[];
  readOnly: boolean;
}

/** Lists of a connector's parts, with one form around them. */
export function ListSection({ of, lists, readOnly }: Props) {
  const { t } = useTranslation();
  const read = (c: CustomConnector): Row => Object.fromEntries(lists.map((l) => [l.name, c[l.name] ?? []]));
  return (
    <SectionForm
      of={of}
      values={useSame(read(of))}
      change={(entered) => Object.fromEntries(lists.map((l) => [l.name, entered[l.name]]))}
      read={read}
      faults={faultsOf(of, lists)}
      readOnly={readOnly}
    >
      {lists.map((l) => (
        <Section key={l.name} title={t(`workshop.list.${l.name}`)} lead={t(`workshop.listSays.${l.name}`)}>
          <Rows
            name={l.name}
            label={t(`workshop.list.${l.name}`)}
            one={t(`workshop.one.${l.name}`)}
            shapes={l.shapes}
            columns={l.columns}
            readOnly={readOnly}
          />
        </Section>
      ))}
    </SectionForm>
  );
}

/** What is wrong, by the names of the form's fields. */
function faultsOf(of: CustomConnector, lists: readonly ListOf[]): Record<string, string> {
  const own = problems(of.Unsupported ?? []).filter((p) => lists.some((l) => l.name === p.list));
  return Object.fromEntries(own.map((p) => [[p.list, p.row, p.field].filter((x) => x !== "").join("."), p.text]));
}
