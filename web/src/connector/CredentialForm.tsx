import { Button, NativeSelect, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { type FormEvent, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector } from "../api/schema";
import { Guard } from "../ui/Form";
import { Refusal } from "../ui/Refusal";
import { say } from "../ui/say";
import { changeConnector, connectorQuery, useConnectorsChanged } from "./calls";
import classes from "./connector.module.css";
import { type Ask, asked, authValue, type Entered, missing } from "./credentials";
import { useSignIn } from "./useSignIn";
import { kindOf, wayOf } from "./ways";

interface Props {
  account: string;
  of: AccountConnector;
  onDone(): void;
  /** Without it, there is nothing to go back to. */
  onCancel?: () => void;
}

/** Asks for what one of the connector's ways to authenticate takes, or for a sign-in at the third party. */
export function CredentialForm({ account, of, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const changed = useConnectorsChanged(account);
  const ways = of.Connector.Authentication;
  const [chosen, setChosen] = useState(wayOf(of)?.Id);
  const [entered, setEntered] = useState<Entered>({});
  const [lacking, setLacking] = useState<Ask>();
  const way = ways.find((w) => w.Id === chosen) ?? ways[0];
  const done = useCallback(async () => {
    await changed();
    say(t("connector.signIn.done", { name: of.Name }));
    onDone();
  }, [changed, t, of.Name, onDone]);
  const signIn = useSignIn(account, of.Id, of.Authenticated, done);
  const save = useMutation({
    mutationFn: async () =>
      way && changeConnector(account, of.Id, { AuthenticationId: way.Id, AuthValue: authValue(way, entered) }),
    onSuccess: async (now) => {
      if (now) queries.setQueryData(connectorQuery(account, of.Id).queryKey, now);
      setEntered({});
      // What the third party said of it stands above the form then.
      if (now?.Authenticated && !now.AuthenticationNote) await done();
      else await changed();
    },
  });
  if (!way) return null;

  const kind = kindOf(way.AuthType);
  const words = {
    key: t("connector.signIn.key"),
    user: t("connector.signIn.user"),
    password: t("connector.signIn.password"),
  };
  const fields = asked(way, words);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const first = missing(fields, entered);
    setLacking(first);
    if (first) return;
    if (way.SignsIn) signIn.begin.mutate(() => changeConnector(account, of.Id, { AuthenticationId: way.Id }));
    else save.mutate();
  };
  return (
    <form className={classes.form} onSubmit={submit} noValidate aria-label={t("connector.signIn.title")}>
      {ways.length > 1 && (
        <NativeSelect
          label={t("connector.signIn.way")}
          value={String(way.Id)}
          data={ways.map((w) => ({ value: String(w.Id), label: w.Name || w.AuthType }))}
          onChange={(e) => {
            setChosen(Number(e.currentTarget.value));
            setLacking(undefined);
          }}
        />
      )}
      <p className="faint">
        {way.SignsIn ? t("connector.signIn.there", { name: of.Connector.Name }) : kind && t(`connector.hints.${kind}`)}
      </p>
      {fields.map((f) => (
        <CredentialField
          key={f.Name}
          of={f}
          value={entered[f.Name] ?? ""}
          error={lacking?.Name === f.Name ? t("connector.signIn.required") : undefined}
          onChange={(text) => {
            setEntered((was) => ({ ...was, [f.Name]: text }));
            setLacking(undefined);
          }}
        />
      ))}
      <Refusal error={save.error ?? signIn.begin.error} problem={signIn.problem} />
      <div className={classes.buttons}>
        <Button
          type="submit"
          loading={save.isPending || signIn.begin.isPending}
          rightSection={way.SignsIn && <ExternalLink size={14} aria-hidden />}
        >
          {way.SignsIn ? t("connector.signIn.go", { name: of.Connector.Name }) : t("connector.signIn.save")}
        </Button>
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("action.cancel")}
          </Button>
        )}
      </div>
      <Waiting of={signIn} />
      <Guard dirty={Object.values(entered).some(Boolean) && !save.isPending} />
    </form>
  );
}

/** Says that somebody signs in elsewhere, while that is so. */
function Waiting({ of }: { of: ReturnType<typeof useSignIn> }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {of.waiting && (
        <p className={classes.line}>
          {t("connector.signIn.waiting")}
          {of.blocked && (
            <a href={of.blocked} target="_blank" rel="noreferrer">
              {t("connector.signIn.open")}
            </a>
          )}
          <button type="button" className="quiet" onClick={of.stop}>
            {t("connector.signIn.stop")}
          </button>
        </p>
      )}
    </div>
  );
}

function CredentialField(props: { of: Ask; value: string; error?: string; onChange(text: string): void }) {
  const { of: f, value, error } = props;
  const shared = {
    label: f.DisplayName || f.Name,
    description: f.Description,
    required: !f.Optional,
    value,
    error,
    autoComplete: "off",
    onChange: (e: { currentTarget: { value: string } }) => props.onChange(e.currentTarget.value),
  };
  if (f.Multiline) return <Textarea {...shared} rows={5} spellCheck={false} />;
  if (f.Sensitive) return <PasswordInput {...shared} autoComplete="new-password" />;
  return <TextInput {...shared} />;
}
