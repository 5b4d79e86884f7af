import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Crumbs } from "../account/Crumbs";
import { accountQuery } from "../account/calls";
import type { AccountConnector } from "../api/schema";
import { useMay, useOwn } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { PageHead } from "../ui/PageHead";
import { Refusal } from "../ui/Refusal";
import { Failure } from "../ui/State";
import { Zone } from "../ui/Time";
import { Actions } from "./Actions";
import { ConnectorIcon } from "./ConnectorIcon";
import { ConnectorState } from "./ConnectorState";
import { CustomFields } from "./CustomFields";
import { CustomObjects } from "./CustomObjects";
import { connectorQuery } from "./calls";
import classes from "./connector.module.css";
import { Properties } from "./Properties";
import { SignIn } from "./SignIn";
import { Uses } from "./Uses";

/** A connector that is installed in an account: how it is, and all that is set for it. */
export function ConnectorPage() {
  const { t } = useTranslation();
  const { account, connector } = useParams({ from: "/inside/accounts/$account/connectors/$connector" });
  const of = useQuery(connectorQuery(account, Number(connector)));
  const owner = useQuery(accountQuery(account)).data;
  return (
    <Zone value={owner?.Timezone ?? "UTC"}>
      <Crumbs account={owner}>
        {[
          <Link key="account" to="/accounts/$account/connectors" params={{ account }}>
            {owner?.Name ?? account}
          </Link>,
          <Link key="connectors" to="/accounts/$account/connectors" params={{ account }}>
            {t("account.connectors")}
          </Link>,
        ]}
      </Crumbs>
      {of.isError && !of.data && <Failure error={of.error} onRetry={() => of.refetch()} />}
      {of.isPending && <Skeleton height={320} radius={10} />}
      {of.data && <Loaded key={of.data.Id} account={account} of={of.data} />}
    </Zone>
  );
}

function Loaded({ account, of }: { account: string; of: AccountConnector }) {
  const { t } = useTranslation();
  const may = useMay();
  const own = useOwn();
  const [problem, setProblem] = useState<Error | null>(null);
  // The partner looks after the connector of its own product.
  const readOnly = of.Inherited || !may("Accounts", "Edit") || (own && of.IsPartnerIntegrationConnector);
  const shared = { account, of, readOnly };
  return (
    <>
      <PageHead title={of.Name} lead={of.Description} docs="installed-connectors">
        {!readOnly && <Actions account={account} of={of} onProblem={setProblem} />}
      </PageHead>
      <div className={classes.facts}>
        <ConnectorState of={of} />
        <Release of={of} />
        {of.IsPartnerIntegrationConnector && <span className={classes.mark}>{t("connector.native")}</span>}
        {of.Inherited && (
          <span className={classes.mark}>
            <Building2 size={13} aria-hidden />
            {t("connector.inherited")}
          </span>
        )}
        <span className="faint">
          {t("accounts.id")} <CopyId id={String(of.Id)} whole />
        </span>
      </div>
      <Refusal error={problem} />
      {of.Inherited && <p className={classes.note}>{t("connector.inheritedHint")}</p>}
      <Properties {...shared} />
      <SignIn {...shared} />
      <CustomObjects {...shared} />
      <CustomFields {...shared} />
      <Uses account={account} of={of} />
    </>
  );
}

/** The release of the library that it is of. */
function Release({ of }: { of: AccountConnector }) {
  const may = useMay();
  const own = useOwn();
  const name = `${of.Connector.Name} ${of.Connector.Version}`;
  return (
    <span className={classes.release}>
      <ConnectorIcon icon={of.Connector.Icon} name={of.Connector.Name} small />
      {may("Connectors") && !own ? (
        <Link to="/connectors/$connector" params={{ connector: String(of.ConnectorId) }} className="row-link">
          {name}
        </Link>
      ) : (
        name
      )}
    </span>
  );
}
