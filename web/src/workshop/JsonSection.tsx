import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import type { CustomConnector } from "../api/schema";
import { Code } from "../ui/Code";
import { Section } from "../ui/field";
import { exported, parsed, type Row } from "./definition";
import { SectionForm, useSame } from "./SectionForm";

/** The whole definition as JSON. What is taken out of it is gone. */
export function JsonSection({ of, readOnly }: { of: CustomConnector; readOnly: boolean }) {
  const { t } = useTranslation();
  const read = (c: CustomConnector): Row => ({ Document: JSON.stringify(exported(c as Row), null, 2) });
  const change = (entered: Row): Row => {
    try {
      const now = parsed(String(entered.Document));
      const gone = Object.keys(exported(of as Row)).filter((name) => !(name in now));
      return { ...now, ...Object.fromEntries(gone.map((name) => [name, null])) };
    } catch (e) {
      throw new ApiError(400, t("workshop.badJsonAt", { why: e instanceof Error ? e.message : "" }));
    }
  };
  return (
    <SectionForm of={of} values={useSame(read(of))} change={change} read={read} readOnly={readOnly}>
      <Section title={t("workshop.section.json")} lead={t("workshop.jsonSays")}>
        <Whole readOnly={readOnly} />
      </Section>
    </SectionForm>
  );
}

function Whole({ readOnly }: { readOnly: boolean }) {
  const { t } = useTranslation();
  const { control } = useFormContext();
  return (
    <Controller
      name="Document"
      control={control}
      render={({ field }) => (
        <Code
          label={t("workshop.section.json")}
          language="json"
          value={String(field.value ?? "")}
          onChange={field.onChange}
          readOnly={readOnly}
          lines={24}
        />
      )}
    />
  );
}
