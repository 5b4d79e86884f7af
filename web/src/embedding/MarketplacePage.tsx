import { Button, Menu, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Code, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Marketplace } from "../api/schema";
import { useMay } from "../session/may";
import { Crumbs } from "../ui/Crumbs";
import { Form } from "../ui/Form";
import { AreaField, Section, TextField } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { RowMenu } from "../ui/RowMenu";
import { Failure } from "../ui/State";
import { marketplaceQuery, putMarketplace, useChanged } from "./calls";
import { DeleteDialog } from "./DeleteDialog";
import classes from "./embedding.module.css";
import { Packages } from "./Packages";

/** A marketplace: what is in it, and what is said of it. */
export function MarketplacePage() {
  const { marketplace } = useParams({ from: "/inside/marketplaces/$marketplace" });
  const { data, error, refetch } = useQuery(marketplaceQuery(Number(marketplace)));
  if (error && !data) return <Failure error={error} onRetry={() => refetch()} />;
  return data ? <Loaded key={data.Id} of={data} /> : <Skeleton height={280} radius={10} />;
}

function Loaded({ of }: { of: Marketplace }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <Crumbs>
        {[
          <Link key="marketplaces" to="/marketplaces">
            {t("nav.marketplaces")}
          </Link>,
        ]}
      </Crumbs>
      <PageHead title={of.Name} docs="embedding#marketplaces">
        {may("Accounts") && (
          <Button
            variant="default"
            leftSection={<Code size={15} aria-hidden />}
            renderRoot={(props) => <Link to="/embedding" search={{ marketplace: of.Id }} {...props} />}
          >
            {t("embedding.embed")}
          </Button>
        )}
        {may("Marketplaces", "Manage") && (
          <RowMenu label={t("embedding.moreOf", { name: of.Name })}>
            <Menu.Item color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => setDeleting(true)}>
              {t("embedding.delete")}
            </Menu.Item>
          </RowMenu>
        )}
      </PageHead>
      <section className={classes.part} aria-label={t("embedding.packages")}>
        <Packages of={of} />
      </section>
      <Details of={of} />
      {deleting && (
        <DeleteDialog of={of} onDone={() => navigate({ to: "/marketplaces" })} onClose={() => setDeleting(false)} />
      )}
    </>
  );
}

function Details({ of }: { of: Marketplace }) {
  const { t } = useTranslation();
  const mayEdit = useMay()("Marketplaces", "Edit");
  const queries = useQueryClient();
  const changed = useChanged();
  const values = useMemo(() => ({ Name: of.Name, Description: of.Description }), [of.Name, of.Description]);
  return (
    <Form
      values={values}
      readOnly={!mayEdit}
      save={async (v) => {
        const now = await putMarketplace(of.Id, v);
        queries.setQueryData(marketplaceQuery(of.Id).queryKey, now);
        void changed();
        return { Name: now.Name, Description: now.Description };
      }}
    >
      <Section title={t("embedding.details")}>
        <TextField name="Name" label={t("embedding.name")} />
        <AreaField name="Description" label={t("embedding.description")} description={t("embedding.descriptionHint")} />
      </Section>
    </Form>
  );
}
