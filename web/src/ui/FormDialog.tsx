import type { ReactNode } from "react";
import { type DefaultValues, type FieldValues, FormProvider, useForm } from "react-hook-form";
import { Dialog } from "./Dialog";
import { useSave } from "./save";

interface Props<T extends FieldValues, R> {
  title: string;
  /** What the button that does it says. */
  act: string;
  values: T;
  size?: "md" | "lg" | "xl";
  /** Sends what was entered. */
  save(values: T): Promise<R>;
  /** What comes after it. */
  onDone(answer: R, sent: T): void;
  onClose(): void;
  children: ReactNode;
}

/** A dialog whose fields are named as the API names them: what it refuses is said at its field. */
export function FormDialog<T extends FieldValues, R>(props: Props<T, R>) {
  const form = useForm<T>({ defaultValues: props.values as DefaultValues<T> });
  const saving = useSave(form, props.save, props.onDone);
  return (
    <Dialog
      title={props.title}
      act={props.act}
      size={props.size}
      keep={form.formState.isDirty || undefined}
      busy={saving.isPending}
      error={saving.error}
      onAct={form.handleSubmit((v) => saving.mutate(v))}
      onClose={props.onClose}
    >
      <FormProvider {...form}>{props.children}</FormProvider>
    </Dialog>
  );
}
