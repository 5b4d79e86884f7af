import { Skeleton } from "@mantine/core";
import { type QueryKey, type UseQueryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ComponentProps, useMemo } from "react";
import type { FieldValues } from "react-hook-form";
import { useMay } from "../session/may";
import { Form } from "../ui/Form";
import { Failure } from "../ui/State";

interface Props<S, K extends QueryKey, T extends FieldValues> {
  query: UseQueryOptions<S, Error, S, K>;
  /** What of the settings is in the form; the same function each time. */
  of(settings: S): T;
  /** Sends what was entered, and gives the settings as they are then. */
  change(values: T): Promise<S>;
  /** How high it is until there is something to see, in pixels. */
  height: number;
  /** It cannot be changed; without it: who may not edit settings of the console cannot. */
  readOnly?: boolean;
  children: ComponentProps<typeof Form<T>>["children"];
}

/** A form of settings, for who may change them. */
export function SettingsForm<S, K extends QueryKey, T extends FieldValues>(props: Props<S, K, T>) {
  const { query, of, change, height, readOnly, children } = props;
  const queries = useQueryClient();
  const settings = useQuery(query);
  const key: QueryKey = query.queryKey;
  const mayEdit = useMay()("Settings", "Edit");
  const values = useMemo(() => settings.data && of(settings.data), [settings.data, of]);
  if (settings.isError) return <Failure error={settings.error} onRetry={() => settings.refetch()} />;
  if (!values) return <Skeleton height={height} maw={640} />;
  return (
    <Form
      values={values}
      readOnly={readOnly ?? !mayEdit}
      save={async (v) => {
        const now = await change(v);
        queries.setQueryData<S>(key, () => now);
        void queries.invalidateQueries({ queryKey: key }); // and what else is made of it
        return of(now);
      }}
    >
      {children}
    </Form>
  );
}
