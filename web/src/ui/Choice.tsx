import { NativeSelect } from "@mantine/core";

/** A filter: one of a few, or none ("" with the label of all). */
export function Choice<T extends string>(props: {
  label: string;
  all: string;
  value: T | undefined;
  options: { value: T; label: string }[];
  onChange(value: T | undefined): void;
}) {
  return (
    <NativeSelect
      aria-label={props.label}
      value={props.value ?? ""}
      data={[{ value: "", label: props.all }, ...props.options]}
      onChange={(e) => props.onChange((e.currentTarget.value || undefined) as T | undefined)}
    />
  );
}
