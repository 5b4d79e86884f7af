import { Autocomplete, NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Mapping } from "../api/schema";
import { ranked, type Source } from "./mapping";
import { inPlace } from "./place";
import classes from "./setup.module.css";

interface Props {
  label: string;
  target: string;
  mapping: Mapping;
  fields: Source[];
  onChange(m: Mapping): void;
}

/** A field of an earlier step: the step, and the location in its answer, which may be one that nothing declares. */
export function FieldSource({ label, target, mapping: m, fields, onChange }: Props) {
  const { t } = useTranslation();
  const steps = [...new Map(fields.map((f) => [f.step.Id, f.step.Name]))];
  const gone = m.SourceStepId && !steps.some(([id]) => id === m.SourceStepId);
  const own = fields.filter((f) => f.step.Id === m.SourceStepId);
  const found = ranked(own, target);
  const labels = new Map(own.map((f) => [f.location, f.label]));
  return (
    <div className={classes.source}>
      <NativeSelect
        size="xs"
        aria-label={t("builder.map.step", { name: label })}
        value={m.SourceStepId ?? ""}
        data={[
          ...(m.SourceStepId ? [] : [{ value: "", label: t("builder.map.choose") }]),
          ...(gone ? [{ value: m.SourceStepId ?? "", label: t("builder.map.goneStep") }] : []),
          ...steps.map(([value, name]) => ({ value, label: name })),
        ]}
        onChange={(e) => onChange({ ...m, SourceStepId: e.currentTarget.value, SourceField: undefined })}
      />
      <Autocomplete
        size="xs"
        aria-label={label}
        placeholder={t("builder.map.location")}
        value={m.SourceField ?? ""}
        data={[...new Set(found.map((f) => f.location))]}
        limit={200}
        comboboxProps={inPlace}
        maxDropdownHeight={260}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <code>{option.value}</code>
            {labels.get(option.value) !== option.value && <span>{labels.get(option.value)}</span>}
          </span>
        )}
        onChange={(SourceField) => onChange({ ...m, SourceField })}
      />
    </div>
  );
}
