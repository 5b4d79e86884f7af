import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useProduct } from "./Logo";

/** Names the page in the window's title. */
export function usePageTitle(page: string | undefined): void {
  const { t } = useTranslation();
  const product = useProduct();
  useEffect(() => {
    document.title = page ? t("app.title", { page, product }) : product;
  }, [page, product, t]);
}
