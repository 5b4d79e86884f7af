import type { ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Empty, Failure } from "../ui/State";

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
    <Empty icon={Compass} title={t("error.notFoundTitle")}>
      {t("error.notFound")}
    </Empty>
  );
}
