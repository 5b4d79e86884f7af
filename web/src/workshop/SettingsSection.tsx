import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { Section } from "../ui/field";
import { problems, type Row } from "./definition";
import { fromForm, toForm } from "./entered";
import { PartFields } from "./PartField";
import { SectionForm, useSame } from "./SectionForm";
import type { Shape } from "./shapes";

interface Props {
  of: CustomConnector;
  title: string;
  shapes: readonly Shape[];
  readOnly: boolean;
}

/** Properties of the connector itself. */
export function SettingsSection({ of, title, shapes, readOnly }: Props) {
  const { t } = useTranslation();
  const names = [...new Set(shapes.map((s) => s.name.split(".")[0] ?? ""))];
  const read = (c: CustomConnector): Row =>
    toForm(Object.fromEntries(names.map((n) => [n, (c as Row)[n]]).filter(([, v]) => v !== undefined)), shapes);
  const own = problems(of.Unsupported ?? []).filter((p) => names.includes(p.list));
  return (
    <SectionForm
      of={of}
      values={useSame(read(of))}
      change={(entered) => {
        const said = fromForm(entered, shapes);
        return Object.fromEntries(names.map((n) => [n, said[n] ?? null]));
      }}
      read={read}
      faults={Object.fromEntries(own.map((p) => [[p.list, p.field].filter(Boolean).join("."), p.text]))}
      readOnly={readOnly}
    >
      <Section title={title} lead={t("workshop.settingsSays")}>
        <PartFields shapes={shapes} readOnly={readOnly} />
      </Section>
    </SectionForm>
  );
}
