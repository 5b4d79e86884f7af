import { BookOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import classes from "./PageHead.module.css";

/** Leads to a page of the manual, such as "templates" or "templates#releases". */
export function Learn({ docs }: { docs: string }) {
  const { t } = useTranslation();
  return (
    <a href={`/docs/${docs}`} target="_blank" rel="noreferrer" className={classes.docs}>
      <BookOpen size={13} aria-hidden />
      {t("action.learn")}
    </a>
  );
}
