import { Radio, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LibraryConnector } from "../api/schema";
import { allConnectorsQuery } from "../library/calls";
import { categoriesOf, matches } from "../library/filter";
import { Choice } from "../ui/Choice";
import { Dialog } from "../ui/Dialog";
import { Refusal } from "../ui/Refusal";
import { Search } from "../ui/Search";
import { say } from "../ui/say";
import { ConnectorIcon } from "./ConnectorIcon";
import { installConnector, useConnectorsChanged } from "./calls";
import classes from "./connector.module.css";

/** Installs a connector of the library in an account, and leads to its page. */
export function InstallDialog({ account, onClose }: { account: string; onClose(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const changed = useConnectorsChanged(account);
  const all = useQuery(allConnectorsQuery);
  const [query, setQuery] = useState("");
  const [category, setCategory] = useState<string>();
  const [chosen, setChosen] = useState<string>("");
  const [name, setName] = useState("");
  const shown = (all.data ?? []).filter((c) => c.Status === "Live" && matches(c, query, category));
  const connector = shown.find((c) => String(c.Id) === chosen);
  const install = useMutation({
    mutationFn: (c: LibraryConnector) => installConnector(account, c.Id, { Name: name.trim() || undefined }),
    onSuccess: async (c) => {
      await changed();
      onClose();
      await navigate({ to: "/accounts/$account/connectors/$connector", params: { account, connector: String(c.Id) } });
      say(t("connector.install.done", { name: c.Name }));
    },
  });
  return (
    <Dialog
      title={t("connector.install.title")}
      act={t("connector.install.act")}
      size="lg"
      blocked={!connector}
      busy={install.isPending}
      error={install.error}
      onAct={() => connector && install.mutate(connector)}
      onClose={onClose}
    >
      <div className="filters">
        <Search label={t("connector.install.search")} value={query} onChange={setQuery} />
        <Choice
          label={t("connector.install.category")}
          all={t("connector.install.anyCategory")}
          value={category}
          options={categoriesOf(all.data ?? []).map((c) => ({ value: c, label: c }))}
          onChange={setCategory}
        />
      </div>
      <Refusal error={all.error} />
      <Radio.Group value={chosen} onChange={setChosen} aria-label={t("connector.install.connectors")}>
        <div className={classes.choices}>
          {shown.map((c) => (
            <Radio.Card
              key={c.Id}
              value={String(c.Id)}
              className={classes.choice}
              aria-label={`${c.Name} ${c.Version}`}
            >
              <Radio.Indicator />
              <ConnectorIcon icon={c.Icon} name={c.Name} />
              <span>
                <strong>
                  {c.Name} <small>{c.Version}</small>
                </strong>
                <span>{c.Description}</span>
              </span>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <p className="faint" role="status">
        {all.isPending ? t("loading") : shown.length === 0 && t("connector.install.none")}
      </p>
      {connector && (
        <TextInput
          label={t("connector.name")}
          description={t("connector.install.nameHint")}
          placeholder={connector.Name}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          autoComplete="off"
        />
      )}
    </Dialog>
  );
}
