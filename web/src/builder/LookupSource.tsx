import { useQuery } from "@tanstack/react-query";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import type { Mapping, Trigger } from "../api/schema";
import { lookupQuery } from "../connector/calls";
import { LookupField } from "../connector/LookupField";
import { chosenBefore } from "../connector/lookup";
import { installedMethodsQuery } from "./calls";
import { BuilderContext } from "./context";
import type { Step } from "./design";
import { typeOf } from "./mapping";
import { inPlace } from "./place";
import classes from "./setup.module.css";
import { useInstalled } from "./useInstalled";

interface Props {
  label: string;
  step?: Step;
  trigger?: Trigger;
  mapping: Mapping;
  onChange(m: Mapping): void;
}

/** A value that the application lists: found by its name, or entered as it is. */
export function LookupSource({ label, step, trigger, mapping: m, onChange }: Props) {
  const { t } = useTranslation();
  const { installed, onAccount, locked } = useContext(BuilderContext);
  const [asked, setAsked] = useState(false);
  const { account, connector, all, own } = useInstalled(step);
  const found = useLookup(step, trigger, asked && !locked, own[0]?.Id);
  const without = account && all.data && own.length === 0 && asked;
  return (
    <div className={classes.source}>
      <LookupField
        size="xs"
        aria-label={label}
        value={m.Value ?? ""}
        called={m.ValueName}
        found={found}
        comboboxProps={inPlace}
        onFocus={() => setAsked(true)}
        onChange={(Value, ValueName) => onChange({ ...m, Value, ValueName })}
      />
      {without && <p className={classes.says}>{t("builder.test.none", { name: connector?.Name })}</p>}
      {!installed && !locked && trigger && (
        <AccountChoice value={account} all={t("builder.lookup.account")} onChange={onAccount} />
      )}
    </div>
  );
}

/** Mappings whose value is known before anything runs. */
const known = (m: Mapping | undefined) => ["StaticValue", "ValueList", "Trigger"].includes(typeOf(m));

/** What a step is given already, by the name of the parameter. */
function valueIn(step: Step) {
  return (name: string) => {
    const m = step.Parameters?.find((m) => m.Target === name);
    return known(m) ? m?.Value : undefined;
  };
}

/** What the application has to choose from, once it is asked. */
function useLookup(
  step: Step | undefined,
  trigger: Trigger | undefined,
  asked: boolean,
  connector: number | undefined,
) {
  const { about, account } = useContext(BuilderContext);
  const can = asked && trigger !== undefined && account !== undefined && connector !== undefined;
  const methods = useQuery({ ...installedMethodsQuery(account ?? "", connector ?? 0), enabled: can });
  const given = step && trigger ? chosenBefore(valueIn(step), about(step).method, trigger, methods.data ?? []) : {};
  return useQuery({
    ...lookupQuery(account ?? "", connector ?? 0, trigger?.TriggerId ?? 0, given),
    enabled: can && methods.data !== undefined,
  });
}
