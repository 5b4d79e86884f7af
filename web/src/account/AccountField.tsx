import { MultiSelect, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { client, value } from "../api/client";
import { accountQuery } from "./calls";

/** An account to choose: its id, and its name. */
export interface Choosable {
  value: string;
  label: string;
}

/** As many are offered; the search finds the others. */
const offered = 50;

/** Accounts that match what was typed, as the server finds them, after those that are chosen. */
function useChoices(chosen: Choosable[]) {
  const [typed, setTyped] = useState("");
  const [query] = useDebouncedValue(typed, 200);
  const found = useQuery({
    queryKey: ["accounts", "choice", query],
    queryFn: ({ signal }) => {
      const params = { query: { query: query || undefined, pageSize: offered } };
      return value(client.GET("/v1.0/accounts", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const [seen, setSeen] = useState(new Map(chosen.map((c) => [c.value, c])));
  const matching = found.data?.map((a) => ({ value: a.Id, label: a.Name })) ?? [];
  /** Keeps the names of what is chosen, which another search may not find. */
  const keep = (ids: string[]) =>
    setSeen((before) => {
      const all = new Map([...before, ...matching.map((c) => [c.value, c] as const)]);
      return new Map(ids.flatMap((id) => (all.has(id) ? [[id, all.get(id) as Choosable]] : [])));
    });
  const data = [...new Map([...seen.values(), ...matching].map((c) => [c.value, c])).values()];
  const ids = new Set(matching.map((c) => c.value));
  return { data, shown: (id: string) => ids.has(id), typed, setTyped, keep };
}

type Named = { name: string; label: string; description?: string; chosen?: Choosable[] };

/** One account, or none. */
export function AccountField({ name, chosen = [], ...props }: Named) {
  const { t } = useTranslation();
  const { data, shown, typed, setTyped, keep } = useChoices(chosen);
  return (
    <Controller
      name={name}
      render={({ field: { ref, onChange, ...field }, fieldState }) => (
        <Select
          {...props}
          {...field}
          ref={ref}
          data={data}
          searchable
          clearable
          clearButtonProps={{ "aria-label": t("action.clearChoice") }}
          searchValue={typed}
          onSearchChange={setTyped}
          filter={({ options }) => options.filter((o) => "value" in o && (shown(String(o.value)) || !typed))}
          nothingFoundMessage={t("list.noMatch")}
          onChange={(id) => {
            keep(id ? [id] : []);
            onChange(id);
          }}
          error={fieldState.error?.message}
        />
      )}
    />
  );
}

/** Any number of accounts. */
export function AccountsField({ name, chosen = [], ...props }: Named) {
  const { t } = useTranslation();
  const { data, shown, typed, setTyped, keep } = useChoices(chosen);
  const [open, setOpen] = useState(false);
  return (
    <Controller
      name={name}
      render={({ field: { ref, onChange, ...field }, fieldState }) => (
        <MultiSelect
          {...props}
          {...field}
          ref={ref}
          data={data}
          searchable
          hidePickedOptions
          searchValue={typed}
          onSearchChange={setTyped}
          // Closed by a choice, or it would lie over the buttons below it.
          dropdownOpened={open}
          onDropdownOpen={() => setOpen(true)}
          onDropdownClose={() => setOpen(false)}
          onOptionSubmit={() => setOpen(false)}
          filter={({ options }) => options.filter((o) => "value" in o && shown(String(o.value)))}
          nothingFoundMessage={t("list.noMatch")}
          onChange={(ids) => {
            keep(ids);
            onChange(ids);
          }}
          error={fieldState.error?.message}
        />
      )}
    />
  );
}

/** One account, or all. */
export function AccountChoice(props: {
  value: string | undefined;
  /** What it says while none is chosen. */
  all?: string;
  /** It is a field of a form, with this above it. */
  label?: string;
  onChange(value: string | undefined): void;
}) {
  const { t } = useTranslation();
  const known = useQuery({ ...accountQuery(props.value ?? ""), enabled: !!props.value });
  const { data, shown, typed, setTyped } = useChoices([]);
  const chosen = props.value ? [{ value: props.value, label: known.data?.Name ?? props.value }] : [];
  return (
    <Select
      w={props.label ? undefined : 190}
      label={props.label}
      aria-label={props.label ? undefined : t("account.choice")}
      placeholder={props.all ?? t("account.all")}
      value={props.value ?? null}
      data={[...chosen, ...data.filter((c) => c.value !== props.value)]}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("action.clearChoice") }}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options.filter((o) => "value" in o && (shown(String(o.value)) || !typed))}
      nothingFoundMessage={t("list.noMatch")}
      onChange={(id) => props.onChange(id ?? undefined)}
    />
  );
}
