import { NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector, Trigger } from "../api/schema";
import { CallResult } from "../ui/CallResult";
import { Dialog } from "../ui/Dialog";
import { lookupQuery, methodsQuery, tryMethod } from "./calls";
import classes from "./connector.module.css";
import { LookupField } from "./LookupField";
import { chosenBefore } from "./lookup";
import { inputOf, keyOf, type Taken, taken } from "./trial";

/** Calls a method for real, with what is entered, and shows what was sent and what came back. */
export function TryDialog({ account, of, onClose }: { account: string; of: AccountConnector; onClose(): void }) {
  const { t } = useTranslation();
  const methods = useQuery(methodsQuery(account, of.Id));
  const callable = methods.data?.filter((m) => m.MethodType !== "Webhook") ?? [];
  const [chosen, setChosen] = useState<number>();
  const [entered, setEntered] = useState<Record<string, string>>({});
  const method = callable.find((m) => m.Id === chosen) ?? callable[0];
  const inputs = method ? taken(method) : [];
  const run = useMutation({
    mutationFn: () => tryMethod(account, of.Id, String(method?.Id), inputOf(inputs, entered)),
  });
  /** What a lookup is given of what was entered. */
  const given = (by: Trigger) => {
    const idOf = (name: string) => method?.Parameters.find((p) => p.Name === name)?.Id ?? 0;
    return chosenBefore(
      (name) => entered[keyOf({ kind: "Parameters", id: idOf(name) })],
      method,
      by,
      methods.data ?? [],
    );
  };
  const choose = (id: number) => {
    setChosen(id);
    setEntered({});
    run.reset();
  };
  return (
    <Dialog
      title={t("connector.try.title", { name: of.Name })}
      act={t("connector.try.call")}
      size="xl"
      blocked={!method}
      busy={run.isPending}
      error={run.error ?? methods.error}
      onAct={() => run.mutate()}
      onClose={onClose}
    >
      <p>{t("connector.try.says")}</p>
      <NativeSelect
        label={t("connector.fields.method")}
        description={method?.Description}
        value={String(method?.Id ?? "")}
        data={callable.map((m) => ({ value: String(m.Id), label: m.Name }))}
        onChange={(e) => choose(Number(e.currentTarget.value))}
        data-autofocus
      />
      <div className={classes.inputs}>
        {inputs.map((i) => {
          const value = entered[keyOf(i)] ?? "";
          const enter = (text: string) => setEntered((was) => ({ ...was, [keyOf(i)]: text }));
          if (!i.lookup) return <Input key={keyOf(i)} of={i} value={value} onChange={enter} />;
          return (
            <Listed
              key={keyOf(i)}
              of={i}
              value={value}
              query={lookupQuery(account, of.Id, i.lookup.TriggerId ?? 0, given(i.lookup))}
              onChange={enter}
            />
          );
        })}
      </div>
      {run.data && <CallResult of={run.data} />}
    </Dialog>
  );
}

interface InputProps {
  of: Taken;
  value: string;
  onChange(text: string): void;
}

/** A value that the application lists, which is asked once somebody wants to choose. */
function Listed({ of, value, query, onChange }: InputProps & { query: ReturnType<typeof lookupQuery> }) {
  const [asked, setAsked] = useState(false);
  const found = useQuery({ ...query, enabled: asked });
  return (
    <LookupField
      label={of.label}
      required={of.required}
      value={value}
      called={of.hint || undefined}
      found={found}
      {...(of.otherwise && { placeholder: of.otherwise })}
      onFocus={() => setAsked(true)}
      onChange={onChange}
    />
  );
}

function Input({ of, value, onChange }: InputProps) {
  const shared = { label: of.label, description: of.hint || undefined, required: of.required, value };
  if (of.choices.length > 0) {
    const data = [{ value: "", label: of.otherwise }, ...of.choices];
    return <NativeSelect {...shared} data={data} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
  return (
    <TextInput
      {...shared}
      placeholder={of.otherwise}
      autoComplete="off"
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  );
}
