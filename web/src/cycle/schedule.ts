import { useTranslation } from "react-i18next";
import { schedule } from "../ui/format";

/** How often a cycle runs, in words. */
export function useSchedule(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) => {
    const s = schedule(minutes);
    return s ? t(`cycles.every_${s.unit}`, { count: s.count }) : t("cycles.onEvent");
  };
}
