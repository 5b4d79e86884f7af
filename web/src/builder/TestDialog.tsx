import { NativeSelect } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import { CallResult } from "../ui/CallResult";
import { Dialog } from "../ui/Dialog";
import { testStep } from "./calls";
import { BuilderContext } from "./context";
import type { Design, Step } from "./design";
import { documentOf } from "./sample";
import { TestInputs } from "./TestInputs";
import { type Circumstances, given, inputsOf, variablesOf } from "./trial";
import { useInstalled } from "./useInstalled";

interface Props {
  step: Step;
  design: Design;
  onClose(): void;
}

/** Calls a step's method with values in place of its mappings, and shows what comes back. */
export function TestDialog({ step, design, onClose }: Props) {
  const { t } = useTranslation();
  const { about, installed, samples, onSample, onAccount } = useContext(BuilderContext);
  const { account, connector, all, own } = useInstalled(step);
  const { method } = about(step);
  const [chosen, setChosen] = useState<number>();
  const [entered, setEntered] = useState<Record<string, string>>({});
  const taken = own.find((c) => c.Id === chosen) ?? own[0];
  const [at, setAt] = useState<Circumstances>({ variables: {} });
  const inputs = inputsOf(design, step, method, samples, at);
  const run = useMutation({
    mutationFn: () =>
      testStep(account ?? "", taken?.Id ?? 0, {
        Method: step.Method ?? "",
        Script: step.Script,
        Parameters: given(inputs, entered, "Parameters"),
        Fields: given(inputs, entered, "Fields"),
        Variables: Object.fromEntries(variablesOf(design, at).map((v) => [v.SystemName ?? "", v.Value ?? ""])),
        LastSuccessfulRunDate: at.lastRun,
      }),
    onSuccess: (r) => {
      const answer = documentOf(r.Response?.Body);
      if (r.Success && answer !== undefined) onSample(step.Id, answer);
    },
  });
  return (
    <Dialog
      title={t("builder.test.title", { name: step.Name })}
      act={t("builder.test.act")}
      size="lg"
      blocked={!taken || !method}
      busy={run.isPending}
      error={run.error ?? all.error}
      onAct={() => run.mutate()}
      onClose={onClose}
    >
      <p className="faint">{t("builder.test.says")}</p>
      {!installed && <AccountChoice value={account} all={t("builder.test.account")} onChange={onAccount} />}
      {taken && (
        <NativeSelect
          label={t("builder.test.connector")}
          value={String(taken.Id)}
          data={own.map((c) => ({ value: String(c.Id), label: c.Name }))}
          onChange={(e) => setChosen(Number(e.currentTarget.value))}
        />
      )}
      {account && all.data && !taken && (
        <p role="status">
          {t("builder.test.none", { name: connector?.Name })}{" "}
          <Link to="/accounts/$account/connectors" params={{ account }}>
            {t("builder.bound.install")}
          </Link>
        </p>
      )}
      <TestInputs
        inputs={inputs}
        entered={entered}
        variables={design.Variables}
        at={at}
        onEnter={(key, text) => setEntered((was) => ({ ...was, [key]: text }))}
        onAt={setAt}
      />
      {run.data && <CallResult of={run.data} />}
    </Dialog>
  );
}
