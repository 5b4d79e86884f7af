import { useContext } from "react";
import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Code } from "../ui/Code";
import { Faults } from "./PartField";
import classes from "./workshop.module.css";

/** A script within a form, with what the server says of it. */
export function ScriptField({ label, readOnly }: { label: string; readOnly: boolean }) {
  const { t } = useTranslation();
  const { control } = useFormContext();
  const fault = useContext(Faults).Script;
  const line = /line (\d+)/.exec(fault ?? "")?.[1];
  return (
    <>
      <p className={classes.faint}>
        {t("workshop.scriptSays")}{" "}
        <a href="/docs/scripts" target="_blank" rel="noreferrer">
          {t("action.learn")}
        </a>
      </p>
      <Controller
        name="Script"
        control={control}
        render={({ field }) => (
          <Code
            label={label}
            language="javascript"
            value={String(field.value ?? "")}
            onChange={field.onChange}
            readOnly={readOnly}
            lines={10}
            wrong={line ? Number(line) : undefined}
          />
        )}
      />
      {fault && (
        <p role="alert" className={classes.fault}>
          {fault}
        </p>
      )}
    </>
  );
}
