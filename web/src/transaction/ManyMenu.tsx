import { Button, Menu } from "@mantine/core";
import { Ban, ChevronDown, Redo2, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TransactionStatus } from "../api/schema";
import { useMay } from "../session/may";
import type { Act } from "./calls";
import { ManyDialog } from "./ManyDialog";
import { actsOf } from "./many";

const icons = { retry: RotateCcw, resume: Redo2, drop: Ban };

interface Props {
  account: string;
  cycle: string | undefined;
  cycleName: string | undefined;
  status: TransactionStatus | undefined;
}

/** What can be done to all transactions that the list's filters find. */
export function ManyMenu(props: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [act, setAct] = useState<Act | null>(null);
  if (!may("Accounts", "Edit")) return null;
  return (
    <>
      <Menu position="bottom-end" radius={8} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <Button variant="default" rightSection={<ChevronDown size={14} aria-hidden />}>
            {t("transaction.many.menu")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actsOf(props.status).map((a) => {
            const Icon = icons[a];
            return (
              <Menu.Item
                key={a}
                color={a === "drop" ? "red" : undefined}
                leftSection={<Icon size={15} aria-hidden />}
                onClick={() => setAct(a)}
              >
                {t(`transaction.many.${a}`)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
      {act && <ManyDialog {...props} act={act} onClose={() => setAct(null)} />}
    </>
  );
}
