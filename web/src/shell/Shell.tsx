import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams, useRouteContext, useRouter } from "@tanstack/react-router";
import { BookOpen, LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { CommandButton } from "../command/CommandButton";
import { consolePalette } from "../command/palette";
import { sessionQuery } from "../session/calls";
import { signOut } from "../session/door";
import { Frame } from "./Frame";
import { Logo, usePaint } from "./Logo";
import { lookQuery } from "./look";
import { Navigation } from "./Navigation";
import { places } from "./places";
import { SchemeSwitch } from "./SchemeSwitch";
import classes from "./Shell.module.css";
import { useChanges } from "./useChanges";

/** The console's frame: navigation at the left, the page beside it. */
export function Shell() {
  const { t } = useTranslation();
  const { account } = useParams({ strict: false });
  usePaint();
  useChanges(account);
  return (
    <Frame
      top={
        <>
          <Brand />
          <CommandButton places={places} palette={consolePalette} />
        </>
      }
    >
      <Navigation />
      <a href="/docs/index" className={classes.item}>
        <BookOpen size={16} aria-hidden />
        {t("app.reference")}
      </a>
      <SchemeSwitch />
      <Person />
    </Frame>
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
