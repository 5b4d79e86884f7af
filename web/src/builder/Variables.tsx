import { Button, Checkbox, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Variable } from "../api/schema";
import { BuilderContext } from "./context";
import type { Design } from "./design";
import classes from "./setup.module.css";
import { addVariable, changeVariable, mayBeCalled, removeVariable, renameVariable } from "./variables";

interface Props {
  design: Design;
  act(change: (d: Design) => Design, part?: string): void;
}

/** The variables of a design. */
export function Variables({ design, act }: Props) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  return (
    <section className={classes.part}>
      <h3>{t("builder.variables.title")}</h3>
      {design.Variables.length === 0 && <p className="faint">{t("builder.variables.none")}</p>}
      {design.Variables.map((v, i) => (
        <OneVariable
          // biome-ignore lint/suspicious/noArrayIndexKey: its names change while it is typed
          key={i}
          variable={v}
          mayBe={(name) => mayBeCalled(design, i, name)}
          onRename={(to) => act((d) => renameVariable(d, i, to))}
          onChange={(to) => act((d) => changeVariable(d, i, to), `variable ${i} ${Object.keys(to)}`)}
          onRemove={() => act((d) => removeVariable(d, i))}
        />
      ))}
      {!locked && (
        <Button size="xs" variant="default" onClick={() => act((d) => addVariable(d, t("builder.variables.word")))}>
          {t("builder.variables.add")}
        </Button>
      )}
    </section>
  );
}

interface OneProps {
  variable: Variable;
  mayBe(name: string): boolean;
  onRename(to: string): void;
  onChange(to: Partial<Variable>): void;
  onRemove(): void;
}

function OneVariable({ variable: v, mayBe, onRename, onChange, onRemove }: OneProps) {
  const { t } = useTranslation();
  const { locked } = useContext(BuilderContext);
  // Taken when it is left: half a name would be in the way of others.
  const [name, setName] = useState<string>();
  const wrong = name !== undefined && !mayBe(name);
  return (
    <fieldset className={classes.group} disabled={locked}>
      <legend>{v.DisplayName || v.SystemName}</legend>
      {!locked && (
        <button
          type="button"
          className={`quiet icon ${classes.drop}`}
          aria-label={t("builder.variables.remove", { name: v.DisplayName || v.SystemName })}
          onClick={onRemove}
        >
          <X size={14} aria-hidden />
        </button>
      )}
      <div className={classes.pair}>
        <TextInput
          size="xs"
          label={t("builder.variables.display")}
          value={v.DisplayName ?? ""}
          onChange={(e) => onChange({ DisplayName: e.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label={t("builder.variables.system")}
          value={name ?? v.SystemName ?? ""}
          error={wrong && t("builder.variables.wrong")}
          onChange={(e) => setName(e.currentTarget.value)}
          onBlur={() => {
            if (name !== undefined && !wrong) onRename(name);
            setName(undefined);
          }}
        />
      </div>
      <TextInput
        size="xs"
        label={t("builder.variables.value")}
        value={v.Value ?? ""}
        onChange={(e) => onChange({ Value: e.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label={t("builder.launch.visible")}
        checked={Boolean(v.IsLaunchVisible)}
        onChange={(e) => onChange({ IsLaunchVisible: e.currentTarget.checked || undefined })}
      />
      {v.IsLaunchVisible && (
        <Checkbox
          size="xs"
          label={t("builder.launch.required")}
          checked={Boolean(v.IsLaunchRequired)}
          onChange={(e) => onChange({ IsLaunchRequired: e.currentTarget.checked || undefined })}
        />
      )}
    </fieldset>
  );
}
