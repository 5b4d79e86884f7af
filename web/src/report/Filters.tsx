import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import { transactionStatuses } from "../search";
import { Choice } from "../ui/Choice";
import { Search } from "../ui/Search";
import { useAddress } from "../ui/useAddress";
import { noticeKinds, noticeStates, type ReportFilter } from "./address";
import type { FilterName } from "./report";
import classes from "./report.module.css";

/** What a report is narrowed by, beside a search: it lives in the address. */
export function Filters({ names }: { names: FilterName[] }) {
  return names.map((name) => <Filter key={name} name={name} />);
}

function Filter({ name }: { name: FilterName }) {
  const { t } = useTranslation();
  const [f, set] = useAddress<ReportFilter>();
  switch (name) {
    case "account":
      return <AccountChoice value={f.account} onChange={(account) => set({ account })} />;
    case "period":
      return (
        <span className={classes.period}>
          <Day label={t("report.from")} value={f.from} onChange={(from) => set({ from })} />
          <span aria-hidden>–</span>
          <Day label={t("report.to")} value={f.to} onChange={(to) => set({ to })} />
        </span>
      );
    case "connector":
    case "actor":
    case "action":
      return (
        <span className={classes.text}>
          <Search
            label={t(`report.by.${name}`)}
            value={f[name] ?? ""}
            onChange={(v) => set({ [name]: v || undefined })}
          />
        </span>
      );
    case "status":
      return (
        <Choice
          label={t("report.status")}
          all={t("report.anyStatus")}
          value={f.status}
          options={transactionStatuses.map((value) => ({ value, label: t(`status.${value}`) }))}
          onChange={(status) => set({ status })}
        />
      );
    case "level":
      return (
        <Choice
          label={t("report.level")}
          all={t("report.onlyErrors")}
          value={f.level}
          options={[{ value: "Warning", label: t("report.onlyWarnings") }]}
          onChange={(level) => set({ level })}
        />
      );
    case "kind":
      return (
        <Choice
          label={t("report.kind")}
          all={t("report.anyKind")}
          value={f.kind}
          options={noticeKinds.map((value) => ({ value, label: t(`report.kinds.${value}`) }))}
          onChange={(kind) => set({ kind })}
        />
      );
    case "state":
      return (
        <Choice
          label={t("report.state")}
          all={t("report.anyState")}
          value={f.state}
          options={noticeStates.map((value) => ({ value, label: t(`report.states.${value}`) }))}
          onChange={(state) => set({ state })}
        />
      );
    default:
      return null; // the list has the search
  }
}

function Day(props: { label: string; value: string | undefined; onChange(value: string | undefined): void }) {
  return (
    <TextInput
      type="date"
      aria-label={props.label}
      value={props.value ?? ""}
      max="9999-12-31"
      onChange={(e) => props.onChange(e.currentTarget.value || undefined)}
    />
  );
}
