import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AccountConnector, ConnectorParameter, Property } from "../api/schema";
import { Form } from "../ui/Form";
import { AreaField, SecretField, SelectField, TextField } from "../ui/field";
import { changeConnector, connectorQuery, useConnectorsChanged } from "./calls";
import classes from "./connector.module.css";
import { arranged, changedOf, valuesOf } from "./properties";

/** Values of the connector's parameters that are set where it is installed, such as where the third party is. */
export function Properties({ account, of, readOnly }: { account: string; of: AccountConnector; readOnly: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const changed = useConnectorsChanged(account);
  const values = useMemo(() => valuesOf(of.Properties), [of.Properties]);
  if (of.Properties.length === 0) return null;
  return (
    <section className={classes.part} aria-labelledby="properties">
      <h2 id="properties">{t("connector.properties.title")}</h2>
      <Form
        values={values}
        readOnly={readOnly}
        save={async (form) => {
          const now = await changeConnector(account, of.Id, { Properties: changedOf(of.Properties, form) });
          queries.setQueryData(connectorQuery(account, of.Id).queryKey, now);
          await changed();
          return valuesOf(now.Properties);
        }}
      >
        {arranged(of.Properties).map((p) => (
          <PropertyField key={p.Id} of={p} as={of.Connector.Parameters.find((q) => q.Id === p.Id)} />
        ))}
      </Form>
    </section>
  );
}

/** The two that every connector with OAuth has, beside its own. */
const client = {
  ClientId: "connector.properties.clientId",
  ClientSecret: "connector.properties.clientSecret",
} as const;

function PropertyField({ of, as }: { of: Property; as?: ConnectorParameter }) {
  const { t } = useTranslation();
  const own = of.Name === "ClientId" || of.Name === "ClientSecret" ? of.Name : undefined;
  const shared = {
    name: `p${of.Id}`,
    label: as?.DisplayName || (own ? t(client[own]) : of.Name),
    description: as?.Description || (own && !as ? t("connector.properties.clientHint") : undefined),
    autoComplete: "off",
  };
  if (as?.Values.length) {
    const choices = as.Values.map((v) => ({ value: v.Value ?? "", label: v.Label || v.Value || "" }));
    return <SelectField {...shared} data={[{ value: "", label: "" }, ...choices]} />;
  }
  if (as?.Sensitive || (!as && own === "ClientSecret")) return <SecretField {...shared} />;
  if (of.Value.includes("\n")) return <AreaField {...shared} />;
  return <TextField {...shared} />;
}
