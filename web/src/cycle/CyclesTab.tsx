import { Button } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { LayoutTemplate, Plus, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { useAddress } from "../ui/useAddress";
import type { CycleListFilter } from "./address";
import { Bin } from "./Bin";
import type { Open } from "./CycleDialog";
import { CycleList } from "./CycleList";
import classes from "./cycle.module.css";

const CycleDialog = lazy(async () => ({ default: (await import("./CycleDialog")).CycleDialog }));

/** An account's cycles, or those that were deleted. */
export function CyclesTab() {
  const { t } = useTranslation();
  const { account } = useParams({ from: "/inside/accounts/$account/cycles" });
  const navigate = useNavigate();
  const [{ deleted }] = useAddress<CycleListFilter>();
  const [open, setOpen] = useState<Open | null>(null);
  const may = useMay();
  if (deleted) return <Bin account={account} />;
  const add = may("Accounts", "Edit") && (
    <>
      <Button
        variant="default"
        leftSection={<LayoutTemplate size={15} aria-hidden />}
        renderRoot={(props) => <Link to="/accounts/$account/templates" params={{ account }} {...props} />}
      >
        {t("cycle.fromTemplate")}
      </Button>
      <Button
        variant="default"
        leftSection={<Plus size={15} aria-hidden />}
        onClick={() => setOpen({ what: "new", cycle: undefined })}
      >
        {t("cycle.new")}
      </Button>
    </>
  );
  return (
    <>
      <CycleList account={account} add={add} onOpen={setOpen} />
      <div className={classes.foot}>
        <Link to="/accounts/$account/cycles" params={{ account }} search={{ deleted: true }} className="quiet">
          <Trash2 size={13} aria-hidden />
          {t("cycle.bin")}
        </Link>
      </div>
      <Suspense>
        {open && (
          <CycleDialog
            account={account}
            open={open}
            onMade={(cycle) => navigate({ to: "/accounts/$account/cycles/$cycle", params: { account, cycle } })}
            onClose={() => setOpen(null)}
          />
        )}
      </Suspense>
    </>
  );
}
