import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Variable } from "../api/schema";
import classes from "./setup.module.css";
import { type Circumstances, type Input, keyOf } from "./trial";

interface Props {
  inputs: Input[];
  /** What was entered in place of what mappings come to. */
  entered: Record<string, string>;
  variables: Variable[];
  at: Circumstances;
  onEnter(key: string, text: string): void;
  onAt(to: Circumstances): void;
}

/** What a step is tried with: what its method takes, the design's variables, and when it last ran. */
export function TestInputs({ inputs, entered, variables, at, onEnter, onAt }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.inputs}>
        {inputs.map((i) => (
          <TextInput
            key={keyOf(i)}
            label={i.target.label}
            required={i.target.required}
            value={entered[keyOf(i)] ?? i.value}
            onChange={(e) => onEnter(keyOf(i), e.currentTarget.value)}
          />
        ))}
      </div>
      {variables.length > 0 && (
        <fieldset className={classes.given}>
          <legend>{t("builder.variables.title")}</legend>
          <div className={classes.inputs}>
            {variables.map(({ SystemName: name = "", DisplayName, Value }) => (
              <TextInput
                key={name}
                label={DisplayName || name}
                value={at.variables[name] ?? Value ?? ""}
                onChange={(e) => onAt({ ...at, variables: { ...at.variables, [name]: e.currentTarget.value } })}
              />
            ))}
          </div>
        </fieldset>
      )}
      <TextInput
        type="datetime-local"
        label={t("builder.test.lastRun")}
        description={t("builder.test.lastRunSays")}
        w={240}
        onChange={(e) => onAt({ ...at, lastRun: timeOf(e.currentTarget.value) })}
      />
    </>
  );
}

/** A time of UTC that was entered. */
const timeOf = (entered: string) => (entered ? new Date(`${entered}Z`).toISOString() : undefined);
