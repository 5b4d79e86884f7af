import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { Section } from "../ui/field";
import { problems, type Row, said } from "./definition";
import { ScriptField } from "./ScriptField";
import { SectionForm, useSame } from "./SectionForm";

/** The script of the connector, for all its methods. */
export function ScriptSection({ of, readOnly }: { of: CustomConnector; readOnly: boolean }) {
  const { t } = useTranslation();
  const read = (c: CustomConnector): Row => ({ Script: said(c as Row, "Script") });
  const fault = problems(of.Unsupported ?? []).find((p) => p.list === "Script")?.text;
  return (
    <SectionForm
      of={of}
      values={useSame(read(of))}
      change={(entered) => ({ Script: entered.Script || null })}
      read={read}
      faults={fault ? { Script: fault } : undefined}
      readOnly={readOnly}
    >
      <Section title={t("workshop.section.script")}>
        <ScriptField label={t("workshop.section.script")} readOnly={readOnly} />
      </Section>
    </SectionForm>
  );
}
