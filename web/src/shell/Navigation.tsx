import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { type Group, places } from "./places";
import classes from "./Shell.module.css";

/** The pages that somebody may see; those of the group one is in are listed. */
export function Navigation() {
  const { t } = useTranslation();
  const may = useMay();
  const path = useRouterState({ select: (s) => s.location.pathname });
  return (
    <nav aria-label={t("app.navigation")} className={classes.nav}>
      {places.map((group) => {
        const pages = group.pages.filter((p) => !p.area || may(p.area));
        return pages.length > 0 && <Part key={group.label} group={group} pages={pages} path={path} />;
      })}
    </nav>
  );
}

function Part({ group, pages, path }: { group: Group; pages: Group["pages"]; path: string }) {
  const { t } = useTranslation();
  const Icon = group.icon;
  const here = pages.filter((p) => within(path, p.to)).sort((a, b) => b.to.length - a.to.length)[0];
  const alone = pages.length === 1;
  return (
    <>
      <Link to={pages[0]?.to} className={classes.item} data-active={(here && alone) || undefined}>
        <Icon size={16} aria-hidden />
        {t(group.label)}
      </Link>
      {here && !alone && (
        <ul className={classes.pages}>
          {pages.map((p) => (
            <li key={p.to}>
              <Link
                to={p.to}
                className={classes.item}
                data-active={p === here || undefined}
                aria-current={p === here ? "page" : undefined}
              >
                {t(p.label)}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Whether a path is that of a page, or of one below it. */
export const within = (path: string, page: string) => path === page || path.startsWith(`${page}/`);
