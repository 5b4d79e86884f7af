import { BookOpen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./PageHead.module.css";

/** Leads to a page of the manual, such as "templates" or "templates#releases"; children may say more of it than usual. */
export function Learn({ docs, children }: { docs: string; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <a href={`/docs/${docs}`} target="_blank" rel="noreferrer" className={classes.docs}>
      <BookOpen size={13} aria-hidden />
      {children ?? t("action.learn")}
    </a>
  );
}
