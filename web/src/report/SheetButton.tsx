import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { refusal, within } from "../api/client";
import { save } from "../ui/download";
import { say } from "../ui/say";
import { type ReportFilter, sheetAddress } from "./address";
import type { Report } from "./report";

/** Gives all rows that a filter leaves as CSV. */
export function SheetButton<T>({ report, filter }: { report: Report<T>; filter: ReportFilter }) {
  const { t } = useTranslation();
  const get = useMutation({
    mutationFn: async () => {
      const headers = filter.account ? within(filter.account) : undefined;
      const answer = await fetch(sheetAddress(report.path(filter), report.query(filter)), { headers });
      if (!answer.ok) throw refusal(answer, await answer.json().catch(() => undefined));
      save(await answer.blob(), `${report.name}.csv`);
    },
    onSuccess: () => say(t("report.saved", { file: `${report.name}.csv` })),
    onError: (e) => say(e.message),
  });
  return (
    <Button
      variant="default"
      leftSection={<Download size={14} aria-hidden />}
      loading={get.isPending}
      onClick={() => get.mutate()}
    >
      {t("report.csv")}
    </Button>
  );
}
