import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { PageHead } from "../ui/PageHead";
import { Missing } from "../ui/State";
import { reportNames } from "./names";
import { registry } from "./registry";

/** A report of the partner's accounts. */
export function ReportPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { report } = useParams({ from: "/inside/reports/$report" });
  const name = reportNames.find((n) => n === report);
  if (!name) return <Missing>{t("error.notFound")}</Missing>;
  const { area, docs, view } = registry[name];
  if (area && !may(area)) return <Missing>{t("report.notYours")}</Missing>;
  return (
    <>
      <PageHead title={t(`nav.report.${name}`)} lead={t(`report.lead.${name}`)} docs={docs} />
      {view()}
    </>
  );
}
