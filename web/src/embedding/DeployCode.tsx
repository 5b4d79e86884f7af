import { Button, NativeSelect, Switch, TagsInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountChoice } from "../account/AccountField";
import { useMay } from "../session/may";
import { Refusal } from "../ui/Refusal";
import { useAddress } from "../ui/useAddress";
import { deploy, marketplacesQuery } from "./calls";
import { curl, type Deploy, page, type Screen, screens, script } from "./deploy";
import classes from "./embedding.module.css";
import type { EmbeddingSearch } from "./routes";
import { Sample } from "./Sample";

/** What is asked for while no account is chosen. */
const someAccount = "your-customer-id";

/** The code of a deploy call, as one chooses it to be, and the screen that it gives. */
export function DeployCode() {
  const { t } = useTranslation();
  const mayDeploy = useMay()("Accounts", "Edit");
  const [address, setAddress] = useAddress<EmbeddingSearch>();
  const [screen, setScreen] = useState<Screen>(address.marketplace ? "marketplace" : "launch");
  const [account, setAccount] = useState<string>();
  const [tags, setTags] = useState<string[]>([]);
  const [wizard, setWizard] = useState(false);
  const stores = useQuery({ ...marketplacesQuery({}, 1000), enabled: useMay()("Marketplaces") }).data?.rows ?? [];
  const marketplace = address.marketplace ?? stores[0]?.Id;
  const wanted: Deploy = { screen, account: account ?? someAccount, tags, wizard, marketplace };
  const missing = screen === "marketplace" && !marketplace;
  return (
    <>
      <div className={classes.options}>
        <NativeSelect
          label={t("embedding.screen")}
          value={screen}
          data={screens.map((s) => ({ value: s, label: t(`embedding.screens.${s}`) }))}
          onChange={(e) => setScreen(e.currentTarget.value as Screen)}
        />
        {screen === "marketplace" && stores.length > 0 && (
          <NativeSelect
            label={t("embedding.marketplace")}
            value={String(marketplace)}
            data={stores.map((m) => ({ value: String(m.Id), label: m.Name }))}
            onChange={(e) => setAddress({ marketplace: Number(e.currentTarget.value) })}
          />
        )}
        {screen === "launch" && (
          <>
            <TagsInput
              label={t("embedding.tags")}
              description={t("embedding.tagsHint")}
              value={tags}
              onChange={setTags}
            />
            <Switch
              label={t("embedding.wizard")}
              checked={wizard}
              onChange={(e) => setWizard(e.currentTarget.checked)}
            />
          </>
        )}
      </div>
      {missing ? (
        <p>
          {t("embedding.noMarketplace")} <Link to="/marketplaces">{t("nav.marketplaces")}</Link>
        </p>
      ) : (
        <>
          {mayDeploy && <Try of={account ? wanted : undefined} account={account} onAccount={setAccount} />}
          <Sample label={t("embedding.server")} text={script(window.location.origin, wanted)} />
          <Sample label={t("embedding.shell")} text={curl(window.location.origin, wanted)} />
          <Sample label={t("embedding.browser")} text={page(t("embedding.serviceDomain"))} />
        </>
      )}
    </>
  );
}

interface TryProps {
  /** None: an account is to be chosen first. */
  of?: Deploy;
  account?: string;
  onAccount(id: string | undefined): void;
}

/** Opens the screen of an account, as its people see it. */
function Try({ of, account, onAccount }: TryProps) {
  const { t } = useTranslation();
  const opening = useMutation({
    // The window is opened by the click: what opens later is taken for an advertisement.
    mutationFn: async ({ wanted, tab }: { wanted: Deploy; tab: Window | null }) => {
      const address = await deploy(wanted);
      if (tab) tab.location.href = address;
    },
    onError: (_, { tab }) => tab?.close(),
  });
  return (
    <>
      <div className={classes.try}>
        <AccountChoice value={account} all={t("embedding.account")} onChange={onAccount} />
        <Button
          variant="default"
          leftSection={<ExternalLink size={15} aria-hidden />}
          disabled={!of}
          loading={opening.isPending}
          onClick={() => of && opening.mutate({ wanted: of, tab: window.open("about:blank", "_blank") })}
        >
          {t("embedding.open")}
        </Button>
        <span className="faint">{t("embedding.openHint")}</span>
      </div>
      <Refusal error={opening.error} />
    </>
  );
}
