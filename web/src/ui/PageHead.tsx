import type { ReactNode } from "react";
import { usePageTitle } from "../shell/title";
import { Learn } from "./Learn";
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
  usePageTitle(title);
  return (
    <header className={classes.head}>
      <div className={classes.words}>
        <h1>{title}</h1>
        {(lead || docs) && (
          <p>
            {lead} {docs && <Learn docs={docs} />}
          </p>
        )}
      </div>
      {children && <div className={classes.acts}>{children}</div>}
    </header>
  );
}
