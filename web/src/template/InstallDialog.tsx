import { Radio } from "@mantine/core";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery } from "../account/calls";
import type { Template } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { Refusal } from "../ui/Refusal";
import { Search } from "../ui/Search";
import { say } from "../ui/say";
import { installTemplate, useInstalled } from "./calls";
import classes from "./template.module.css";

/** As many accounts are offered; a search finds the others. */
const offered = 6;

/** Installs a template's live release in an account, and leads to the cycle: there is what it needs. */
export function InstallDialog({ template, onClose }: { template: Template; onClose(): void }) {
  const { t } = useTranslation();
  const installed = useInstalled();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [account, setAccount] = useState("");
  const accounts = useInfiniteQuery(accountsQuery({ query: query || undefined }));
  const { rows = [], total = 0 } = accounts.data?.pages[0] ?? {};
  const shown = rows.slice(0, offered);
  const install = useMutation({
    mutationFn: () => installTemplate(template.Id, account),
    onSuccess: async ({ Id: cycle, Name: name }) => {
      onClose();
      await navigate({ to: "/accounts/$account/cycles/$cycle", params: { account, cycle } });
      say(t("template.installed", { name }));
      await installed(account);
    },
  });
  return (
    <Dialog
      title={t("template.installOf", { name: template.Name })}
      act={t("template.installAct")}
      blocked={!shown.some((a) => a.Id === account)}
      busy={install.isPending}
      error={install.error}
      onAct={() => install.mutate()}
      onClose={onClose}
    >
      <p>{t("template.installSays", { version: template.Version })}</p>
      <Search label={t("accounts.search")} value={query} onChange={setQuery} />
      <Refusal error={accounts.error} />
      <Radio.Group value={account} onChange={setAccount} aria-label={t("accounts.name")}>
        <div className={classes.accounts}>
          {shown.map((a) => (
            <Radio key={a.Id} value={a.Id} label={a.Name} description={a.Id} />
          ))}
        </div>
      </Radio.Group>
      <p className="faint" role="status">
        {accounts.data && total === 0 && t("template.noAccount")}
        {total > offered && t("template.moreAccounts", { count: total - offered })}
      </p>
    </Dialog>
  );
}
