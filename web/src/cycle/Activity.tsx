import { useTranslation } from "react-i18next";
import type { Tasks } from "../api/schema";
import { Sparkline } from "../ui/Sparkline";

/** What a cycle did in the last hours, as a picture. */
export function Activity({ hours }: { hours: Tasks[] | null | undefined }) {
  const { t } = useTranslation();
  const bars = (hours ?? []).map((h) => ({ good: h.SuccessfulTasks, bad: h.IncidentTasks }));
  const sum = (of: "good" | "bad") => bars.reduce((n, b) => n + b[of], 0);
  const count = sum("good") + sum("bad");
  const words = [t("cycle.activityTasks", { count }), t("cycle.activityHours", { count: bars.length })];
  if (sum("bad") > 0) words.push(t("cycle.activityBad", { count: sum("bad") }));
  return <Sparkline bars={bars} label={words.join(", ")} />;
}
