import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { Count } from "../ui/Count";

/** How many cycles are of a template, and whether some could be upgraded. */
export function Installs({ of }: { of: Template }) {
  const { t } = useTranslation();
  return (
    <>
      <Count n={of.InstalledCount ?? 0} />
      {!!of.UpgradeableCount && (
        <>
          <br />
          <Link to="/templates/$template/upgrade" params={{ template: of.Id }} className="row-link">
            {t("template.toUpgrade", { count: of.UpgradeableCount })}
          </Link>
        </>
      )}
    </>
  );
}
