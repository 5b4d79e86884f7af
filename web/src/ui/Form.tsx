import { Button } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { type DefaultValues, type FieldValues, FormProvider, type UseFormReturn, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Dialog } from "./Dialog";
import classes from "./Form.module.css";
import { Refusal } from "./Refusal";
import { useSave } from "./save";
import { say } from "./say";
import { useUnsaved } from "./unsaved";

interface Props<T extends FieldValues> {
  /** What the server has; the form begins with it, and goes back to it. */
  values: T;
  /** Sends what was entered; what it gives is what the server has then. */
  save(values: T): Promise<T | undefined>;
  /** What the button says; without it, that it saves. */
  act?: string;
  readOnly?: boolean;
  /** It has more beside its fields than fits in a column. */
  wide?: boolean;
  children: ReactNode | ((form: UseFormReturn<T>) => ReactNode);
}

/**
 * A form of settings. Its fields are named as the API names them, so that what
 * the server refuses is said at its field. What was not saved is not lost without
 * a question.
 */
export function Form<T extends FieldValues>({ values, save, act, readOnly, wide, children }: Props<T>) {
  const { t } = useTranslation();
  const form = useForm<T>({ defaultValues: values as DefaultValues<T>, disabled: readOnly });
  const { isDirty } = form.formState;
  useUnsaved(isDirty); // also while it is being saved, which may be refused
  // What changes on the server while nothing was entered is taken over.
  useEffect(() => {
    if (!form.formState.isDirty) form.reset(values);
  }, [values, form]);

  const saving = useSave(form, save, (now, sent) => {
    form.reset(now ?? sent);
    say(t("form.saved"));
  });
  return (
    <FormProvider {...form}>
      <form
        className={classes.form}
        data-wide={wide || undefined}
        noValidate
        onSubmit={form.handleSubmit((v) => saving.mutate(v))}
      >
        {typeof children === "function" ? children(form) : children}
        <Refusal error={saving.error} />
        {!readOnly && (
          <div className={classes.buttons}>
            <Button type="submit" loading={saving.isPending} disabled={!isDirty && !act}>
              {act ?? t("form.save")}
            </Button>
            {isDirty && (
              <Button variant="default" onClick={() => form.reset(values)}>
                {t("form.discard")}
              </Button>
            )}
          </div>
        )}
      </form>
      <Guard dirty={isDirty && !saving.isPending} />
    </FormProvider>
  );
}

/** Asks before what was not saved is left. */
export function Guard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation();
  useUnsaved(dirty);
  const leaving = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  if (leaving.status !== "blocked") return null;
  return (
    <Dialog title={t("form.unsaved")} act={t("form.leave")} danger onAct={leaving.proceed} onClose={leaving.reset}>
      <p>{t("form.unsavedHint")}</p>
    </Dialog>
  );
}
