import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure, Missing } from "../ui/State";

/** Stands for a page that failed by a fault of its own, or before its data. */
export function Crash({ error, reset }: ErrorComponentProps) {
  return (
    <main>
      <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main>
      <Missing>{t("error.notFound")}</Missing>
    </main>
  );
}
