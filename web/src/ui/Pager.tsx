import { ActionIcon } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Steps through the pages of a list; not there when there is one only. */
export function Pager({ page, pages, onPage }: { page: number; pages: number; onPage(page: number): void }) {
  const { t } = useTranslation();
  if (pages <= 1) return null;
  return (
    <nav className="more" aria-label={t("transactions.pages")}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t("transactions.previous")}
        disabled={page <= 1}
        onClick={() => onPage(page - 1)}
      >
        <ChevronLeft size={16} aria-hidden />
      </ActionIcon>
      <span className="number">{t("transactions.page", { page, pages })}</span>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t("transactions.next")}
        disabled={page >= pages}
        onClick={() => onPage(page + 1)}
      >
        <ChevronRight size={16} aria-hidden />
      </ActionIcon>
    </nav>
  );
}
