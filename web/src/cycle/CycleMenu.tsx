import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Activity, Copy, LayoutTemplate, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { useMay } from "../session/may";
import { RowMenu } from "../ui/RowMenu";
import type { Open } from "./CycleDialog";

/** What else can be done with a cycle. */
export function CycleMenu({ account, of, onOpen }: { account: string; of: Cycle; onOpen(open: Open): void }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <RowMenu label={t("cycle.moreOf", { name: of.Name })}>
      <Menu.Item
        leftSection={<Activity size={15} aria-hidden />}
        renderRoot={(props) => (
          <Link to="/accounts/$account/transactions" params={{ account }} search={{ cycle: of.Id }} {...props} />
        )}
      >
        {t("account.transactions")}
      </Menu.Item>
      <Menu.Item leftSection={<Copy size={15} aria-hidden />} onClick={() => onOpen({ what: "copy", cycle: of })}>
        {t("cycle.copy")}
      </Menu.Item>
      {may("Templates", "Edit") && (
        <Menu.Item
          leftSection={<LayoutTemplate size={15} aria-hidden />}
          onClick={() => onOpen({ what: "template", cycle: of })}
        >
          {t("cycle.toTemplate")}
        </Menu.Item>
      )}
      <Menu.Item
        color="red"
        leftSection={<Trash2 size={15} aria-hidden />}
        disabled={of.Status !== "Paused"}
        onClick={() => onOpen({ what: "delete", cycle: of })}
      >
        {t(of.Status === "Paused" ? "cycle.delete" : "cycle.deleteStopped")}
      </Menu.Item>
    </RowMenu>
  );
}
