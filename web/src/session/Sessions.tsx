import { Button } from "@mantine/core";
import { type QueryKey, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BrowserSession } from "../api/schema";
import { Confirm } from "../ui/Confirm";
import { Hint } from "../ui/Hint";
import { Failure } from "../ui/State";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { browserOf } from "./agent";

/** A browser in which somebody is signed in, to the console or to an account. */
type Browser = Omit<BrowserSession, "ConsoleUserId">;

interface Props<S extends Browser, K extends QueryKey> {
  query: UseQueryOptions<S[], Error, S[], K>;
  /** Signs a browser out; none: that may not be done. */
  end?(id: number): Promise<unknown>;
  /** Whose a session is, or where; none: that is not said. */
  by?: { label: string; of(session: S): string };
}

/** The browsers in which people are signed in. The present one is ended by signing out. */
export function Sessions<S extends Browser, K extends QueryKey>({ query, end, by }: Props<S, K>) {
  const { t } = useTranslation();
  const list = useQuery(query);
  const [ending, setEnding] = useState<S | null>(null);
  const browser = useBrowser();
  if (list.isError && !list.data) return <Failure error={list.error} onRetry={() => list.refetch()} />;
  if (list.data?.length === 0) return <p className="faint">{t("sessions.none")}</p>;
  const what = (s: S) => [by?.of(s), browser(s.Agent)].filter(Boolean).join(", ");
  const columns: Column[] = [
    ...(by ? [{ key: "by", label: by.label }] : []),
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
            {by && <Cell>{by.of(s)}</Cell>}
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
                end && (
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
      {ending && end && (
        <Confirm
          title={t("sessions.endTitle", { what: what(ending) })}
          act={t("sessions.end")}
          done={t("sessions.ended")}
          stale={["sessions"]}
          run={() => end(ending.Id)}
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
