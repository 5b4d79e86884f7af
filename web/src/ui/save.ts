import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { ApiError } from "../api/client";

/** Sends what a form holds. What the server refuses is said at its field, and the first of them has the cursor. */
export function useSave<T extends FieldValues, R>(
  form: UseFormReturn<T>,
  save: (values: T) => Promise<R>,
  onSaved: (answer: R, sent: T) => void,
) {
  const saving = useMutation({
    mutationFn: save,
    onSuccess: onSaved,
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      Object.entries(error.fields).forEach(([field, message], i) => {
        form.setError(field as FieldPath<T>, { message }, { shouldFocus: i === 0 });
      });
    },
  });
  const { reset } = saving;
  // What was refused is not what is there any more.
  useEffect(() => {
    const watching = form.watch((_, { type }) => {
      if (type === "change") reset();
    });
    return () => watching.unsubscribe();
  }, [form, reset]);
  return saving;
}
