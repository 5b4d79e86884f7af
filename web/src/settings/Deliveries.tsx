import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Notice } from "../api/schema";
import { Choice } from "../ui/Choice";
import { List, type ListColumn } from "../ui/List";
import { Status } from "../ui/Status";
import { Time } from "../ui/Time";
import { useAddress } from "../ui/useAddress";
import { noticesQuery } from "./calls";
import { kinds, type NoticeFilters, states } from "./notices";
import classes from "./settings.module.css";

/** What receivers were told, newest first, and what became of it. */
export function Deliveries() {
  const { t } = useTranslation();
  const list = useQuery(noticesQuery(useSearch({ from: "/inside/settings/notifications" })));
  const [filter, set] = useAddress<NoticeFilters>();
  return (
    <section className={classes.part}>
      <h2>{t("settings.deliveries.title")}</h2>
      <List
        label={t("settings.deliveries.title")}
        list={list}
        columns={useColumns()}
        rowKey={(n) => n.Id}
        filters={
          <>
            <Choice
              label={t("settings.deliveries.kind")}
              all={t("settings.deliveries.anyKind")}
              value={filter.kind}
              options={kinds.map((value) => ({ value, label: t(`settings.deliveries.kinds.${value}`) }))}
              onChange={(kind) => set({ kind })}
            />
            <Choice
              label={t("settings.deliveries.state")}
              all={t("settings.deliveries.anyState")}
              value={filter.state}
              options={states.map((value) => ({ value, label: t(`settings.deliveries.states.${value}`) }))}
              onChange={(state) => set({ state })}
            />
          </>
        }
        empty={{
          icon: Send,
          title: t("settings.deliveries.empty"),
          hint: t("settings.deliveries.emptyHint"),
        }}
      />
    </section>
  );
}

const looks = { Queued: "Queued", Delivered: "Completed", GivenUp: "Failed" } as const;

function useColumns(): ListColumn<Notice>[] {
  const { t } = useTranslation();
  return [
    {
      key: "message",
      label: t("settings.deliveries.message"),
      cell: (n) => (
        <div className={classes.two}>
          <span>{n.Message}</span>
          {n.Reason && <span>{n.Reason}</span>}
        </div>
      ),
    },
    {
      key: "kind",
      label: t("settings.deliveries.kind"),
      wide: true,
      cell: (n) => t(`settings.deliveries.kinds.${n.Kind as "Error"}`),
    },
    { key: "account", label: t("settings.deliveries.account"), wide: true, cell: (n) => n.AccountId },
    { key: "state", label: t("settings.deliveries.state"), cell: (n) => <Outcome notice={n} /> },
    { key: "attempts", label: t("settings.deliveries.attempts"), right: true, wide: true, cell: (n) => n.Attempts },
    {
      key: "when",
      label: t("settings.deliveries.when"),
      sort: "CreatedOnUtc",
      cell: (n) => <Time at={n.CreatedOnUtc} />,
    },
  ];
}

/** How far a message has come, in the words and colours of all states. */
function Outcome({ notice: n }: { notice: Notice }) {
  const { t } = useTranslation();
  const state = n.State as keyof typeof looks;
  return <Status of={looks[state]} word={t(`settings.deliveries.states.${state}`)} plain />;
}
