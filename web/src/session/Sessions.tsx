import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BrowserSession } from "../api/schema";
import { Confirm } from "../ui/Confirm";
import { Hint } from "../ui/Hint";
import { Failure } from "../ui/State";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { browserOf } from "./agent";
import { endSession, sessionsQuery } from "./calls";

interface Props {
  /** One's own alone. */
  own?: boolean;
  /** Whether others' may be ended. */
  mayEnd?: boolean;
  /** Whose a session is; none: that is not said. */
  nameOf?(consoleUser: number): string | undefined;
}

/** The browsers in which people are signed in. The present one is ended by signing out. */
export function Sessions({ own, mayEnd, nameOf }: Props) {
  const { t } = useTranslation();
  const list = useQuery(sessionsQuery(own ?? false));
  const [ending, setEnding] = useState<BrowserSession | null>(null);
  const browser = useBrowser();
  if (list.isError && !list.data) return <Failure error={list.error} onRetry={() => list.refetch()} />;
  const what = (s: BrowserSession) => [nameOf?.(s.ConsoleUserId), browser(s.Agent)].filter(Boolean).join(", ");
  const columns: Column[] = [
    ...(nameOf ? [{ key: "person", label: t("sessions.person") }] : []),
    { key: "browser", label: t("sessions.browser") },
    { key: "address", label: t("sessions.address"), wide: true },
    { key: "began", label: t("sessions.began"), wide: true },
    { key: "seen", label: t("sessions.seen") },
    { key: "end", label: t("sessions.end"), silent: true, right: true },
  ];
  return (
    <>
      <Table label={t("sessions.title")} columns={columns} loading={list.isPending ? 2 : undefined}>
        {list.data?.map((s) => (
          <tr key={s.Id}>
            {nameOf && <Cell>{nameOf(s.ConsoleUserId) ?? s.ConsoleUserId}</Cell>}
            <Cell>
              <Hint label={s.Agent} disabled={!s.Agent}>
                <span>{browser(s.Agent)}</span>
              </Hint>
            </Cell>
            <Cell wide>{s.Address}</Cell>
            <Cell wide>
              <Time at={s.CreatedDate} />
            </Cell>
            <Cell>
              <Time at={s.SeenDate} />
            </Cell>
            <Cell right>
              {s.Current ? (
                <span className="faint">{t("sessions.current")}</span>
              ) : (
                (own || mayEnd) && (
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    aria-label={t("sessions.endOf", { what: what(s) })}
                    onClick={() => setEnding(s)}
                  >
                    {t("sessions.end")}
                  </Button>
                )
              )}
            </Cell>
          </tr>
        ))}
      </Table>
      {ending && (
        <Confirm
          title={t("sessions.endTitle", { what: what(ending) })}
          act={t("sessions.end")}
          done={t("sessions.ended")}
          stale={["sessions"]}
          run={() => endSession(ending.Id)}
          onClose={() => setEnding(null)}
        >
          <p>{t("sessions.endLead")}</p>
        </Confirm>
      )}
    </>
  );
}

function useBrowser(): (agent: string) => string {
  const { t } = useTranslation();
  return (agent) => {
    const known = browserOf(agent);
    if (!known) return t("sessions.unknown");
    return known.system ? t("sessions.on", known) : known.browser;
  };
}
