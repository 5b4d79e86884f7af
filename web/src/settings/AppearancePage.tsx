import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { lookQuery } from "../shell/look";
import { Form } from "../ui/Form";
import { Section, TextField } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { Failure } from "../ui/State";
import { ColorField } from "./ColorField";
import { appearanceQuery, changeAppearance } from "./calls";
import { LogoField } from "./LogoField";
import { Preview } from "./Preview";
import classes from "./settings.module.css";

/** How the console and the customers' screens look, beside what comes of it. */
export function AppearancePage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const appearance = useQuery(appearanceQuery);
  const mayEdit = useMay()("Settings", "Edit");
  return (
    <>
      <PageHead
        title={t("settings.appearance.title")}
        lead={t("settings.appearance.lead")}
        docs="settings#appearance"
      />
      {appearance.isError ? (
        <Failure error={appearance.error} onRetry={() => appearance.refetch()} />
      ) : !appearance.data ? (
        <Skeleton height={420} />
      ) : (
        <Form
          wide
          values={appearance.data}
          readOnly={!mayEdit}
          save={async (form) => {
            const now = await changeAppearance(form);
            queries.setQueryData(appearanceQuery.queryKey, now);
            queries.setQueryData(lookQuery.queryKey, now);
            return now;
          }}
        >
          <div className={classes.beside}>
            <Section title={t("settings.appearance.brand")} lead={t("settings.appearance.brandLead")}>
              <TextField
                name="ProductName"
                label={t("settings.appearance.name")}
                description={t("settings.appearance.nameHint")}
                placeholder={t("app.name")}
                autoComplete="off"
              />
              <ColorField />
              <LogoField />
            </Section>
            <Preview />
          </div>
        </Form>
      )}
    </>
  );
}
