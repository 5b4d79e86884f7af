import { Button, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "../account/calls";
import type { ConnectorTrial, CustomConnector } from "../api/schema";
import { connectorsQuery } from "../connector/calls";
import { useMay } from "../session/may";
import { CallResult } from "../ui/CallResult";
import { Refusal } from "../ui/Refusal";
import { useUnsaved } from "../ui/unsaved";
import { connectorReleasesQuery, tryMethod } from "./calls";
import { type Row, said } from "./definition";
import { basic, inputs, type TryInput } from "./trial";
import classes from "./workshop.module.css";

/** Calls a method for real, as a connector that an account has, or with credentials that are kept nowhere. */
export function TryMethod({ of, method }: { of: CustomConnector; method: Row }) {
  const { t } = useTranslation();
  const [account, setAccount] = useState("");
  const [installed, setInstalled] = useState("");
  const [secret, setSecret] = useState("");
  const [way, setWay] = useState("");
  const [entered, setEntered] = useState<Record<string, string>>({});
  const title = useId();
  useUnsaved(secret !== "" || Object.values(entered).some(Boolean));
  const asked = inputs(of as Row, method, installed === "");
  const ways = ((of.Authentication ?? []) as Row[]).map((a) => ({ name: said(a, "Name"), type: said(a, "AuthType") }));
  const type = (ways.find((a) => a.name === way) ?? ways[0])?.type ?? "None";
  const given = (kind: TryInput["kind"]) =>
    Object.fromEntries(
      asked.filter((i) => i.kind === kind && entered[i.key]).map((i) => [i.name, entered[i.key] ?? ""]),
    );
  const body = (): ConnectorTrial => ({
    ...(installed
      ? { AccountConnectorId: Number(installed) }
      : { Authentication: way, AuthValue: type === "Basic" ? basic(secret) : secret, Properties: given("property") }),
    Parameters: given("parameter"),
    Fields: given("field"),
  });
  const run = useMutation({
    mutationFn: () => tryMethod(of.Id ?? 0, said(method, "MethodUniqueIdentifier"), account, body()),
  });
  const submit = (e: FormEvent) => {
    e.preventDefault();
    run.mutate();
  };
  return (
    <section className={classes.trial} aria-labelledby={title}>
      <h3 id={title}>{t("workshop.trial")}</h3>
      <p className={classes.faint}>{t("workshop.trialSays")}</p>
      <form onSubmit={submit} noValidate>
        <div className={classes.trialFields}>
          <Who of={of} account={account} installed={installed} onAccount={setAccount} onInstalled={setInstalled} />
          {!installed && ways.length > 1 && (
            <NativeSelect
              label={t("workshop.list.Authentication")}
              value={way}
              data={ways.map((a) => ({ value: a.name, label: a.name || a.type }))}
              onChange={(e) => setWay(e.currentTarget.value)}
            />
          )}
          {!installed && type !== "None" && (
            <PasswordInput
              label={t("workshop.credentials")}
              description={t(type === "Basic" ? "workshop.credentialsBasic" : "workshop.credentialsSay")}
              autoComplete="off"
              value={secret}
              onChange={(e) => setSecret(e.currentTarget.value)}
            />
          )}
          {asked.map((i) => (
            <TextInput
              key={i.key}
              label={i.label}
              description={t(`workshop.input.${i.kind}`)}
              placeholder={i.otherwise}
              value={entered[i.key] ?? ""}
              onChange={(e) => setEntered({ ...entered, [i.key]: e.currentTarget.value })}
            />
          ))}
        </div>
        <Refusal error={run.error} />
        <Button type="submit" leftSection={<Play size={14} aria-hidden />} loading={run.isPending} disabled={!account}>
          {t("workshop.run")}
        </Button>
      </form>
      {run.data && <CallResult of={run.data} />}
    </section>
  );
}

interface WhoProps {
  of: CustomConnector;
  account: string;
  installed: string;
  onAccount(account: string): void;
  onInstalled(id: string): void;
}

/** In which account the call is made, and as which of its connectors. */
function Who({ of, account, installed, onAccount, onInstalled }: WhoProps) {
  const { t } = useTranslation();
  const may = useMay();
  const accounts = useInfiniteQuery(accountsQuery({ query: account || undefined }));
  const rows = accounts.data?.pages.flatMap((p) => p.rows) ?? [];
  const known = rows.some((a) => a.Id === account);
  const suggestions = useId();
  const connectors = useQuery({ ...connectorsQuery(account), enabled: known });
  const releases = useQuery(connectorReleasesQuery(of.Id ?? 0));
  const ids = new Set(releases.data?.map((r) => r.Id));
  const lent = of.ReleaseStatus !== "Draft" || may("CustomConnectors", "Manage");
  const same = lent ? (connectors.data?.filter((c) => ids.has(c.ConnectorId)) ?? []) : [];
  return (
    <>
      <TextInput
        label={t("workshop.account")}
        description={t("workshop.accountSays")}
        list={suggestions}
        value={account}
        onChange={(e) => {
          onAccount(e.currentTarget.value.trim());
          onInstalled("");
        }}
      />
      <datalist id={suggestions}>
        {rows.map((a) => (
          <option key={a.Id} value={a.Id}>
            {a.Name}
          </option>
        ))}
      </datalist>
      <NativeSelect
        label={t("workshop.as")}
        description={t("workshop.asSays")}
        value={installed}
        disabled={!known}
        data={[
          { value: "", label: t("workshop.typed") },
          ...same.map((c) => ({ value: String(c.Id), label: `${c.Name} (${c.Connector?.Version ?? ""})` })),
        ]}
        onChange={(e) => onInstalled(e.currentTarget.value)}
      />
    </>
  );
}
