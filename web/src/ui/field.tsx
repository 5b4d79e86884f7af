import {
  NativeSelect,
  type NativeSelectProps,
  NumberInput,
  type NumberInputProps,
  PasswordInput,
  type PasswordInputProps,
  Switch,
  type SwitchProps,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from "@mantine/core";
import type { ReactNode } from "react";
import { Controller, useFormContext } from "react-hook-form";
import classes from "./Form.module.css";

/**
 * Fields of a {@link Form}, each by the name of the property that it holds. An
 * empty text of a property that may be absent is null.
 */
interface Named {
  name: string;
}

/** What is wrong with a field, in the server's words or the form's. */
function useFault(name: string): string | undefined {
  const { getFieldState, formState } = useFormContext();
  return getFieldState(name, formState).error?.message;
}

export function TextField({ name, ...props }: Named & TextInputProps) {
  const { register } = useFormContext();
  return <TextInput {...props} {...register(name)} error={useFault(name)} />;
}

export function SecretField({ name, ...props }: Named & PasswordInputProps) {
  const { register } = useFormContext();
  return <PasswordInput autoComplete="new-password" {...props} {...register(name)} error={useFault(name)} />;
}

export function AreaField({ name, ...props }: Named & TextareaProps) {
  const { register } = useFormContext();
  return <Textarea autosize={false} rows={3} {...props} {...register(name)} error={useFault(name)} />;
}

export function SelectField({ name, ...props }: Named & NativeSelectProps) {
  const { register } = useFormContext();
  return <NativeSelect {...props} {...register(name)} error={useFault(name)} />;
}

/** A number, or null when the field is empty. */
export function NumberField({ name, ...props }: Named & NumberInputProps) {
  const error = useFault(name);
  return (
    <Controller
      name={name}
      render={({ field: { value, onChange, ...field } }) => (
        <NumberInput
          {...props}
          {...field}
          value={value ?? ""}
          onChange={(v) => onChange(v === "" ? null : Number(v))}
          error={error}
        />
      )}
    />
  );
}

export function SwitchField({ name, ...props }: Named & SwitchProps) {
  const { register } = useFormContext();
  return <Switch {...props} {...register(name)} error={useFault(name)} />;
}

/** A part of a form, under a heading. */
export function Section({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className={classes.section}>
      <legend>{title}</legend>
      {lead && <p>{lead}</p>}
      {children}
    </fieldset>
  );
}
