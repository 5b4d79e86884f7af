import { useEffect } from "react";
import { useTranslation } from "react-i18next";

/** Names the page in the window's title. */
export function usePageTitle(page: string | undefined): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = page ? t("app.title", { page }) : t("app.name");
  }, [page, t]);
}
