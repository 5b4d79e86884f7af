import { BookOpen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usePageTitle } from "../shell/title";
import classes from "./PageHead.module.css";

interface Props {
  title: string;
  lead?: ReactNode;
  /** The page in docs/ that tells more, such as "templates" or "templates#releases". */
  docs?: string;
  /** What can be done here; one is the primary one. */
  children?: ReactNode;
}

/** The head of a page: what it is, what it is for, and what can be done. */
export function PageHead({ title, lead, docs, children }: Props) {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <h1>{title}</h1>
        {(lead || docs) && (
          <p>
            {lead}{" "}
            {docs && (
              <a href={`/docs/${docs}`} target="_blank" rel="noreferrer" className={classes.docs}>
                <BookOpen size={13} aria-hidden />
                {t("action.learn")}
              </a>
            )}
          </p>
        )}
      </div>
      {children && <div className={classes.acts}>{children}</div>}
    </header>
  );
}
