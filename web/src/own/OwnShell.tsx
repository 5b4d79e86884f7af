import { Button, NativeSelect } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { sectionOf } from "../account/sections";
import { CommandButton } from "../command/CommandButton";
import { useMay } from "../session/may";
import { Frame } from "../shell/Frame";
import { SchemeSwitch } from "../shell/SchemeSwitch";
import frame from "../shell/Shell.module.css";
import { useChanges } from "../shell/useChanges";
import classes from "./own.module.css";
import { ownPalette } from "./palette";
import { placesOf, profilePath, sections } from "./places";
import { ownQuery, type Told } from "./session";

/** The frame around an account's own people: their sections, and nothing of a console. */
export function OwnShell() {
  const { told, Account } = useSuspenseQuery(ownQuery).data;
  useChanges(Account.Id);
  const places = useMemo(() => placesOf(Account.Id, told.ApiUser), [Account.Id, told.ApiUser]);
  return (
    <Frame
      top={
        <>
          <Link to="/accounts/$account/cycles" params={{ account: Account.Id }} className={frame.brand}>
            {told.Look.Logo && <img src={told.Look.Logo} alt="" className={frame.logo} height={26} />}
            <span>{told.Look.ProductName || Account.Name}</span>
          </Link>
          <CommandButton places={places} palette={ownPalette} />
        </>
      }
    >
      <Sections account={Account.Id} />
      <SchemeSwitch />
      {told.Accounts.length > 0 && <Others told={told} />}
      <Person told={told} />
    </Frame>
  );
}

function Sections({ account }: { account: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const here = useRouterState({ select: (s) => sectionOf(s.location.pathname)?.name });
  return (
    <nav aria-label={t("app.navigation")} className={frame.nav}>
      {sections
        .filter((s) => !s.people || may("Users"))
        .map(({ name, icon: Icon }) => (
          <Link
            key={name}
            to={`/accounts/$account/${name}`}
            params={{ account }}
            className={frame.item}
            data-active={name === here || undefined}
          >
            <Icon size={16} aria-hidden />
            {t(`account.${name}`)}
          </Link>
        ))}
    </nav>
  );
}

/** What changes who is signed in is a form, which the server answers with another page. */
const action = (told: Told, what: string) => `/account/${what}?session=${told.Session}`;

function Others({ told }: { told: Told }) {
  const { t } = useTranslation();
  return (
    <form method="post" action={action(told, "switch")} className={classes.others}>
      <input type="hidden" name="form" value={told.Form} />
      <NativeSelect
        size="xs"
        name="account"
        aria-label={t("own.switch")}
        data={told.Accounts.map((a) => ({ value: a.Id, label: a.Name }))}
      />
      <Button type="submit" size="xs" variant="default">
        {t("own.go")}
      </Button>
    </form>
  );
}

function Person({ told }: { told: Told }) {
  const { t } = useTranslation();
  const who = (
    <>
      <strong>{told.Account.Name}</strong>
      <span>{told.Name || told.Username}</span>
    </>
  );
  return (
    <div className={frame.person}>
      {told.ApiUser ? (
        <span className={frame.who}>{who}</span>
      ) : (
        <Link to={profilePath} params={{ account: told.Account.Id }} className={frame.who} title={t("profile.title")}>
          {who}
        </Link>
      )}
      <form method="post" action={action(told, "signout")}>
        <input type="hidden" name="form" value={told.Form} />
        <button type="submit" className={frame.leave} aria-label={t("app.signOut")} title={t("app.signOut")}>
          <LogOut size={16} aria-hidden />
        </button>
      </form>
    </div>
  );
}
