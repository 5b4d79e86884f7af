import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouteContext, useRouter, useRouterState } from "@tanstack/react-router";
import { BookOpen, LogOut, Menu } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "../session/calls";
import { signOut } from "../session/door";
import { Said } from "../ui/say";
import { Logo, usePaint } from "./Logo";
import { lookQuery } from "./look";
import { Navigation } from "./Navigation";
import { SchemeSwitch } from "./SchemeSwitch";
import classes from "./Shell.module.css";

/** The frame of every page: navigation at the left, the page beside it. */
export function Shell() {
  const { t } = useTranslation();
  const [open, menu] = useDisclosure(false);
  const main = useRef<HTMLElement>(null);
  usePaint();
  const path = useRouterState({ select: (s) => s.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes at each move
  useEffect(() => menu.close(), [path]);

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
          <Brand />
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
          <Navigation />
          <a href="/docs/index" className={classes.item}>
            <BookOpen size={16} aria-hidden />
            {t("app.reference")}
          </a>
          <SchemeSwitch />
          <Person />
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

function Brand() {
  const { t } = useTranslation();
  const { session } = useRouteContext({ from: "/inside" });
  const name = useQuery(lookQuery).data?.ProductName;
  return (
    <Link to="/" className={classes.brand}>
      <Logo size={26} />
      <span>{name || session.Partner || t("app.name")}</span>
    </Link>
  );
}

function Person() {
  const { t } = useTranslation();
  const { session } = useRouteContext({ from: "/inside" });
  const router = useRouter();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
      await router.navigate({ to: "/sign-in" });
    },
  });
  return (
    <div className={classes.person}>
      <Link to="/profile" className={classes.who} title={t("profile.title")}>
        {session.Name && session.Name !== session.Email && <strong>{session.Name}</strong>}
        <span>{session.Email}</span>
      </Link>
      <button
        type="button"
        className={classes.leave}
        aria-label={t("app.signOut")}
        title={t("app.signOut")}
        onClick={() => leave.mutate()}
      >
        <LogOut size={16} aria-hidden />
      </button>
    </div>
  );
}
