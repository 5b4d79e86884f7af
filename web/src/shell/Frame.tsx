import { useDisclosure } from "@mantine/hooks";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Menu } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { followFocus, unfocused } from "../ui/focus";
import { Said } from "../ui/say";
import classes from "./Shell.module.css";

interface Props {
  /** Whose it is, and what is always at hand beside it. */
  top: ReactNode;
  /** Where one can go; on a narrow window it is behind a button. */
  children: ReactNode;
}

/** The frame of every page: what is always there at the left, the page beside it. */
export function Frame({ top, children }: Props) {
  const { t } = useTranslation();
  const [open, menu] = useDisclosure(false);
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (s) => s.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes at each move
  useEffect(() => menu.close(), [path]);
  useEffect(followFocus, []);
  // Who came by a link goes on in the page that it led to, not before all there is around it.
  const shown = useRouterState({ select: (s) => s.resolvedLocation?.pathname });
  const was = useRef(shown);
  useEffect(() => {
    if (was.current && shown !== was.current && unfocused()) main.current?.focus({ preventScroll: true });
    was.current = shown;
  }, [shown]);
  return (
    <div className={classes.shell}>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place on this page; the router must not see it */}
      <a
        href="#main"
        className={classes.skip}
        onClick={(e) => {
          e.preventDefault();
          main.current?.focus();
        }}
      >
        {t("app.skip")}
      </a>
      <aside aria-label={t("app.sidebar")} className={classes.side} data-open={open || undefined}>
        <div className={classes.top}>
          {top}
          <button
            type="button"
            className={classes.menu}
            aria-expanded={open}
            aria-controls="navigation"
            aria-label={t("app.menu")}
            onClick={menu.toggle}
          >
            <Menu size={18} aria-hidden />
          </button>
        </div>
        <div className={classes.panel} id="navigation">
          {children}
        </div>
      </aside>
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <div className={classes.content}>
          <Outlet />
        </div>
      </main>
      <Said />
    </div>
  );
}
