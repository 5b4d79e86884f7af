import { NativeSelect } from "@mantine/core";
import { SlidersHorizontal, X } from "lucide-react";
import { useContext, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mapping } from "../api/schema";
import { BuilderContext } from "./context";
import type { Step } from "./design";
import { FieldSource } from "./FieldSource";
import { LookupSource } from "./LookupSource";
import { MappingMore } from "./MappingMore";
import { type MappingType, retype, type Source, type Target, typeOf, types } from "./mapping";
import classes from "./setup.module.css";
import { TextSource } from "./TextSource";

/** What a mapping can take its value from. */
export interface Sources {
  /** The step that is mapped. */
  step?: Step;
  fields: Source[];
  variables: { value: string; label: string }[];
}

interface Props {
  target: Target;
  mapping?: Mapping;
  sources: Sources;
  /** Left out: a customer cannot choose it. */
  launch?: boolean;
  /** What is wrong with the mapping. */
  fault?: string;
  onChange(m: Mapping): void;
  onRemove?: () => void;
}

/** What a parameter or field is filled with. */
export function MappingField({ target, mapping, sources, launch = false, fault, onChange, onRemove }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  const [open, setOpen] = useState(false);
  const more = useId();
  const type = typeOf(mapping);
  const special = mapping?.IsLaunchVisible || mapping?.Format || mapping?.CollectionKey;
  return (
    <fieldset className={classes.mapping} disabled={locked}>
      <legend>
        {target.label}
        {target.required && <span className={classes.required}> *</span>}
        {target.required && <span className="sr-only"> {t("builder.map.required")}</span>}
      </legend>
      <div className={classes.acts}>
        {(launch || type === "StepOutput") && (
          <button
            type="button"
            className="quiet icon"
            aria-label={t("builder.map.more", { name: target.label })}
            aria-expanded={open}
            aria-controls={more}
            data-set={special ? true : undefined}
            onClick={() => setOpen(!open)}
          >
            <SlidersHorizontal size={14} aria-hidden />
          </button>
        )}
        {onRemove && (
          <button
            type="button"
            className="quiet icon"
            aria-label={t("builder.map.remove", { name: target.label })}
            onClick={onRemove}
          >
            <X size={14} aria-hidden />
          </button>
        )}
      </div>
      {target.description && <p>{target.description}</p>}
      <div className={classes.value}>
        <NativeSelect
          size="xs"
          aria-label={t("builder.map.from", { name: target.label })}
          value={type}
          data={types.filter((x) => offers(x, type, target, sources)).map((x) => ({ value: x, label: word(x) }))}
          onChange={(e) => onChange(retype(mapping, target.name, e.currentTarget.value as MappingType, sources.fields))}
        />
        {mapping && <Value {...{ target, mapping, sources, onChange }} />}
      </div>
      {fault && <p className={classes.fault}>{fault}</p>}
      <div id={more}>
        {open && <MappingMore target={target} mapping={mapping} launch={launch} onChange={onChange} />}
      </div>
    </fieldset>
  );

  function word(x: MappingType): string {
    return x === "Ignore" && target.fallback
      ? t("builder.map.default", { value: target.fallback })
      : t(`builder.map.type.${x}`);
  }
}

/** Whether there is something to take by a type, or it is taken already. */
function offers(x: MappingType, now: MappingType, target: Target, sources: Sources): boolean {
  if (x === now || x === "Ignore" || x === "StaticValue") return true;
  if (x === "Trigger") return target.trigger !== undefined;
  if (x === "ValueList") return target.values.length > 0;
  if (x === "StepOutput") return sources.fields.length > 0;
  return x === "Variable" && sources.variables.length > 0;
}

type ValueProps = Required<Pick<Props, "target" | "mapping" | "sources" | "onChange">>;

function Value({ target, mapping: m, sources, onChange }: ValueProps) {
  const { t } = useTranslation();
  const label = t("builder.map.value", { name: target.label });
  const choose = t("builder.map.choose");
  switch (typeOf(m)) {
    case "StaticValue":
      return (
        <TextSource
          label={label}
          value={m.Value ?? ""}
          sources={sources}
          onChange={(Value) => onChange({ ...m, Value })}
        />
      );
    case "ValueList":
      return (
        <NativeSelect
          size="xs"
          aria-label={label}
          value={m.Value ?? ""}
          data={[{ value: "", label: choose }, ...withNow(target.values, m.Value)]}
          onChange={(e) => onChange({ ...m, Value: e.currentTarget.value })}
        />
      );
    case "Variable":
      return (
        <NativeSelect
          size="xs"
          aria-label={label}
          value={m.Variable ?? ""}
          data={[{ value: "", label: choose }, ...withNow(sources.variables, m.Variable)]}
          onChange={(e) => onChange({ ...m, Variable: e.currentTarget.value })}
        />
      );
    case "StepOutput":
      return <FieldSource label={label} target={target.name} mapping={m} fields={sources.fields} onChange={onChange} />;
    case "Trigger":
      return (
        <LookupSource label={label} step={sources.step} trigger={target.trigger} mapping={m} onChange={onChange} />
      );
    default:
      return null;
  }
}

/** The choices, with the one that is taken even if it is none of them. */
const withNow = (all: { value: string; label: string }[], now: string | undefined) =>
  !now || all.some((x) => x.value === now) ? all : [...all, { value: now, label: now }];
