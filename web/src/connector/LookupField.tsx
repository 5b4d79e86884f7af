import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import classes from "./LookupField.module.css";
import type { Choice } from "./lookup";

interface Props extends Omit<AutocompleteProps, "onChange" | "data"> {
  value: string;
  /** What the value was called when it was chosen. */
  called?: string;
  found: UseQueryResult<Choice[]>;
  onChange(value: string, name?: string): void;
}

/** A value that the application lists: found by what people call it, or entered as it is. */
export function LookupField({ value, called, found, onChange, ...field }: Props) {
  const { t } = useTranslation();
  const choices = new Map(found.data?.map((c) => [c.Value, c]));
  return (
    <div className={classes.field}>
      <Autocomplete
        placeholder={t(found.isFetching ? "lookup.asking" : "lookup.choose")}
        value={value}
        data={[...choices.keys()]}
        limit={200}
        maxDropdownHeight={260}
        filter={({ options, search }) =>
          options.filter((o) => "value" in o && fits(choices.get(o.value), search, value))
        }
        renderOption={({ option }) => <Option of={choices.get(option.value)} />}
        description={choices.get(value)?.Name ?? called}
        error={found.error?.message}
        inputWrapperOrder={["label", "input", "description", "error"]}
        onChange={(v) => onChange(v, choices.get(v)?.Name)}
        {...field}
      />
      {found.error && (
        <button type="button" className={`quiet ${classes.again}`} onClick={() => found.refetch()}>
          <RotateCw size={13} aria-hidden /> {t("action.retry")}
        </button>
      )}
    </div>
  );
}

/** All of them while what stands there is one of them: another may be looked for. */
const fits = (c: Choice | undefined, search: string, now: string) =>
  search === now || `${c?.Name} ${c?.Value}`.toLowerCase().includes(search.trim().toLowerCase());

function Option({ of }: { of?: Choice }) {
  return (
    <span className={classes.option}>
      <span>{of?.Name}</span>
      <code>{of?.Value}</code>
    </span>
  );
}
