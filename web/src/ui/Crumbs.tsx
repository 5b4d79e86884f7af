import { ChevronRight } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Crumbs.module.css";

/** The way to a page: links to those above it, the nearest last. */
export function Crumbs({ children }: { children: ReactNode[] }) {
  const { t } = useTranslation();
  return (
    <nav className={classes.crumbs} aria-label={t("app.way")}>
      {children.map((link, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a path has an order and no ids
        <Fragment key={i}>
          {i > 0 && <ChevronRight size={13} aria-hidden />}
          {link}
        </Fragment>
      ))}
    </nav>
  );
}
