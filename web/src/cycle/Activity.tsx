import { useTranslation } from "react-i18next";
import type { DayRuns } from "../api/schema";
import { Sparkline } from "../ui/Sparkline";

/** How a cycle's transactions ended in the last days, as a picture. */
export function Activity({ days }: { days: DayRuns[] | null | undefined }) {
  const { t } = useTranslation();
  const bars = (days ?? []).map((d) => ({ good: d.Runs - d.Errors, bad: d.Errors }));
  const sum = (of: "good" | "bad") => bars.reduce((n, b) => n + b[of], 0);
  const count = sum("good") + sum("bad");
  const words = [t("cycle.activityRuns", { count }), t("cycle.activityDays", { count: bars.length })];
  if (sum("bad") > 0) words.push(t("cycle.activityBad", { count: sum("bad") }));
  return <Sparkline bars={bars} label={words.join(", ")} />;
}
