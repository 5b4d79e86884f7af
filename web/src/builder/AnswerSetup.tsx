import { NativeSelect, TextInput } from "@mantine/core";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import type { Mapping } from "../api/schema";
import { BuilderContext } from "./context";
import type { Step } from "./design";
import { MappingField, type Sources } from "./MappingField";
import { Mappings } from "./Mappings";
import { fieldsOf } from "./mapping";
import classes from "./setup.module.css";

const kinds = ["application/json", "application/xml", "application/x-www-form-urlencoded", "text/plain"];

interface Props {
  step: Step;
  sources: Sources;
  change(to: Partial<Step>, part: string): void;
}

/** What the caller of the webhook gets. */
export function AnswerSetup({ step, sources, change }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const answer = step.Answer ?? {};
  const set = (to: Partial<typeof answer>, part: string) => change({ Answer: { ...answer, ...to } }, part);
  const headers = answer.Headers ?? [];
  const kind = answer.ContentType || kinds[0];
  return (
    <>
      <section className={classes.part}>
        <h3>{t("builder.answer.title")}</h3>
        <div className={classes.pair}>
          <TextInput
            type="number"
            min={200}
            max={599}
            label={t("builder.answer.status")}
            placeholder="200"
            readOnly={locked}
            value={answer.Status || ""}
            onChange={(e) => set({ Status: Number(e.currentTarget.value) || undefined }, "status")}
          />
          <NativeSelect
            label={t("builder.answer.type")}
            disabled={locked}
            value={kind}
            data={[...new Set([...kinds, kind ?? ""])]}
            onChange={(e) => set({ ContentType: e.currentTarget.value }, "type")}
          />
        </div>
        <NativeSelect
          label={t("builder.answer.made")}
          disabled={locked}
          value={answer.Body ? "body" : "fields"}
          data={[
            { value: "fields", label: t("builder.answer.ofFields") },
            { value: "body", label: t("builder.answer.ofText") },
          ]}
          onChange={(e) =>
            set({ Body: e.currentTarget.value === "body" ? { MappingType: "StaticValue" } : undefined }, "made")
          }
        />
        {answer.Body && (
          <MappingField
            target={{ name: "", label: t("builder.answer.body"), required: false, values: [] }}
            mapping={answer.Body}
            sources={sources}
            onChange={(Body) => set({ Body }, "body")}
          />
        )}
      </section>
      {!answer.Body && (
        <Mappings
          title={t("builder.fields")}
          targets={fieldsOf(step, undefined)}
          mapped={step.Fields}
          sources={sources}
          add={t("builder.answer.addField")}
          onChange={(Fields, target) => change({ Fields }, `field ${target}`)}
        />
      )}
      <Mappings
        title={t("builder.answer.headers")}
        targets={headers.map(headerOf)}
        mapped={headers}
        sources={sources}
        add={t("builder.answer.addHeader")}
        onChange={(Headers, target) => set({ Headers }, `header ${target}`)}
      />
    </>
  );
}

const headerOf = ({ Target = "" }: Mapping) => ({
  name: Target,
  label: Target,
  required: false,
  values: [],
  added: true,
});
