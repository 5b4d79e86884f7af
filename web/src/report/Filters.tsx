import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import { cyclesQuery } from "../cycle/calls";
import { transactionStatuses } from "../search";
import { Choice } from "../ui/Choice";
import { Search } from "../ui/Search";
import { useAddress } from "../ui/useAddress";
import { answerClasses, methods, noticeKinds, noticeStates, type ReportFilter } from "./address";
import type { FilterName } from "./report";
import classes from "./report.module.css";

/** What a report is narrowed by, beside a search: it lives in the address. */
export function Filters({ names, account }: { names: FilterName[]; account?: string }) {
  return names.map((name) => <Filter key={name} name={name} account={account} />);
}

function Filter({ name, account }: { name: FilterName; account?: string }) {
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
      return (
        <span className={classes.text}>
          <Search
            label={t("report.by.connector")}
            value={f.connector ?? ""}
            onChange={(v) => set({ connector: v || undefined })}
          />
        </span>
      );
    case "cycle":
      return account && <CycleChoice account={account} value={f.cycle} onChange={(cycle) => set({ cycle })} />;
    case "answer":
      return (
        <Choice
          label={t("report.answer")}
          all={t("report.anyAnswer")}
          value={f.answer}
          options={answerClasses.map((value) => ({ value, label: t(`report.answers.${value}`) }))}
          onChange={(answer) => set({ answer })}
        />
      );
    case "method":
      return (
        <Choice
          label={t("report.method")}
          all={t("report.anyMethod")}
          value={f.method}
          options={methods.map((value) => ({ value, label: value }))}
          onChange={(method) => set({ method })}
        />
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

function CycleChoice(props: { account: string; value: string | undefined; onChange(value: string | undefined): void }) {
  const { t } = useTranslation();
  const cycles = useQuery(cyclesQuery(props.account));
  const options = cycles.data?.map((c) => ({ value: c.Id, label: c.Name })) ?? [];
  const known = !props.value || options.some((o) => o.value === props.value);
  return (
    <Choice
      label={t("report.cycle")}
      all={t("report.anyCycle")}
      value={props.value}
      options={known ? options : [...options, { value: props.value ?? "", label: t("report.deletedCycle") }]}
      onChange={props.onChange}
    />
  );
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
