import { Autocomplete } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import type { Mapping, Trigger } from "../api/schema";
import { installedMethodsQuery, lookupQuery } from "./calls";
import { BuilderContext } from "./context";
import type { Step } from "./design";
import { type Choice, chosenBefore } from "./lookup";
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
  const choices = new Map(found.data?.map((c) => [c.Value, c]));
  const without = account && all.data && own.length === 0 && asked;
  return (
    <div className={classes.source}>
      <Autocomplete
        size="xs"
        aria-label={label}
        placeholder={t(found.isFetching ? "builder.lookup.asking" : "builder.lookup.choose")}
        value={m.Value ?? ""}
        data={[...choices.keys()]}
        limit={200}
        comboboxProps={inPlace}
        maxDropdownHeight={260}
        filter={({ options, search }) =>
          options.filter((o) => "value" in o && fits(choices.get(o.value), search, m.Value))
        }
        renderOption={({ option }) => <Option of={choices.get(option.value)} />}
        description={choices.get(m.Value ?? "")?.Name ?? m.ValueName}
        error={found.error?.message}
        inputWrapperOrder={["input", "description", "error"]}
        onFocus={() => setAsked(true)}
        onChange={(Value) => onChange({ ...m, Value, ValueName: choices.get(Value)?.Name })}
      />
      {found.error && (
        <button type="button" className={`quiet ${classes.all}`} onClick={() => found.refetch()}>
          <RotateCw size={13} aria-hidden /> {t("action.retry")}
        </button>
      )}
      {without && <p className={classes.says}>{t("builder.test.none", { name: connector?.Name })}</p>}
      {!installed && !locked && trigger && (
        <AccountChoice value={account} all={t("builder.lookup.account")} onChange={onAccount} />
      )}
    </div>
  );
}

/** All of them while what stands there is one of them: another may be looked for. */
const fits = (c: Choice | undefined, search: string, now: string | undefined) =>
  search === now || `${c?.Name} ${c?.Value}`.toLowerCase().includes(search.trim().toLowerCase());

function Option({ of }: { of?: Choice }) {
  return (
    <span className={classes.option}>
      <span>{of?.Name}</span>
      <code>{of?.Value}</code>
    </span>
  );
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
  const given = step && trigger ? chosenBefore(step, about(step).method, trigger, methods.data ?? []) : {};
  return useQuery({
    ...lookupQuery(account ?? "", connector ?? 0, trigger?.TriggerId ?? 0, given),
    enabled: can && methods.data !== undefined,
  });
}
