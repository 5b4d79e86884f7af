import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Count } from "../ui/Count";
import { Hint } from "../ui/Hint";
import { Cell, type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { receiversQuery } from "./calls";
import classes from "./settings.module.css";

/** The receivers that were ever told something, and what waits for each; nothing if there are none. */
export function Receivers() {
  const { t } = useTranslation();
  const list = useQuery(receiversQuery).data;
  if (!list?.length) return null;
  const columns: Column[] = [
    { key: "of", label: t("settings.receivers.of") },
    { key: "kind", label: t("settings.deliveries.kind") },
    { key: "queued", label: t("settings.receivers.queued"), right: true },
    { key: "skipped", label: t("settings.receivers.skipped"), right: true, wide: true },
    { key: "failures", label: t("settings.receivers.failures"), right: true },
    { key: "delivered", label: t("settings.receivers.delivered"), wide: true },
  ];
  return (
    <section className={classes.part}>
      <h2>{t("settings.receivers.title")}</h2>
      <Table label={t("settings.receivers.title")} columns={columns}>
        {list.map((r) => (
          <tr key={`${r.AccountId} ${r.Kind}`}>
            <Cell>{r.AccountId || t("settings.receivers.yours")}</Cell>
            <Cell>{t(`settings.deliveries.kinds.${r.Kind as "Error"}`)}</Cell>
            <Cell right>
              <Count n={r.Queued} />
            </Cell>
            <Cell right wide>
              <Count n={r.Skipped} />
            </Cell>
            <Cell right>
              <Hint label={r.Reason} disabled={!r.Reason}>
                <span>
                  <Count n={r.Failures} tone="bad" />
                </span>
              </Hint>
            </Cell>
            <Cell wide>
              <Time at={r.DeliveredOnUtc} none={t("time.never")} />
            </Cell>
          </tr>
        ))}
      </Table>
    </section>
  );
}
