import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { EmbeddingForm } from "../settings/EmbeddingForm";
import { PageHead } from "../ui/PageHead";
import { DeployCode } from "./DeployCode";
import classes from "./embedding.module.css";

/** What a vendor's engineer needs to show screens in the product: settings, and code to copy. */
export function EmbeddingPage() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <>
      <PageHead title={t("nav.launch")} lead={t("embedding.lead")} docs="embedding" />
      <section className={classes.part} aria-label={t("embedding.code")}>
        <h2>{t("embedding.code")}</h2>
        <p className={classes.lead}>{t("embedding.codeLead")}</p>
        <DeployCode />
      </section>
      {may("Settings") && <EmbeddingForm />}
    </>
  );
}
