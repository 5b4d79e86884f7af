import { NativeSelect, NumberInput, Switch, Textarea, TextInput } from "@mantine/core";
import { createContext, useContext } from "react";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { Row } from "./definition";
import type { Shape } from "./shapes";
import classes from "./workshop.module.css";

/** What the server cannot use of what is in a form, by the names of its fields. */
export const Faults = createContext<Readonly<Record<string, string>>>({});

/** The entries of a part that the row has any use for. */
export function PartFields({ shapes, readOnly }: { shapes: readonly Shape[]; readOnly?: boolean }) {
  const row = useWatch() as Row;
  return shapes
    .filter((s) => !s.when || s.when(row))
    .map((s) => <PartField key={s.name} shape={s} readOnly={readOnly} />);
}

function PartField({ shape, readOnly }: { shape: Shape; readOnly?: boolean }) {
  const { t } = useTranslation();
  const form = useFormContext();
  const faults = useContext(Faults);
  const common = {
    label: t(`workshop.part.${shape.label}`),
    description: shape.hint && t(`workshop.hint.${shape.hint}`),
    error: form.getFieldState(shape.name, form.formState).error?.message ?? faults[shape.name],
    disabled: readOnly,
  };
  const isJson = (v: unknown) => {
    if (typeof v !== "string" || !v.trim()) return true;
    try {
      JSON.parse(v);
      return true;
    } catch {
      return t("workshop.badJson");
    }
  };
  switch (shape.kind) {
    case "switch":
      return <Switch {...common} {...form.register(shape.name)} />;
    case "select":
      return <Options shape={shape} common={common} />;
    case "number":
      return (
        <Controller
          name={shape.name}
          render={({ field: { value, onChange, ...field } }) => (
            <NumberInput
              {...common}
              {...field}
              min={0}
              allowDecimal={false}
              value={value ?? ""}
              onChange={(v) => onChange(v === "" ? null : Number(v))}
            />
          )}
        />
      );
    case "json":
      return (
        <Textarea
          {...common}
          {...form.register(shape.name, { validate: isJson })}
          rows={5}
          spellCheck={false}
          classNames={{ input: classes.mono }}
        />
      );
    case "area":
    case "choices":
    case "pairs":
    case "words":
      return <Textarea {...common} {...form.register(shape.name)} rows={shape.kind === "area" ? 2 : 3} />;
    default:
      return <TextInput {...common} {...form.register(shape.name)} />;
  }
}

/** One of a few, or nothing; what the definition says stays, even if it is none of them. */
function Options({ shape, common }: { shape: Shape; common: object }) {
  const { t } = useTranslation();
  const form = useFormContext();
  const now = String(useWatch({ name: shape.name }) ?? "");
  const options = shape.options ?? [];
  const own = now && !options.includes(now) ? [now] : [];
  return (
    <NativeSelect
      {...common}
      {...form.register(shape.name)}
      data={[{ value: "", label: t("workshop.unset") }, ...options, ...own]}
    />
  );
}
