import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ban, Redo2, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Transaction } from "../api/schema";
import { useMay } from "../session/may";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { type Act, actOn } from "./calls";
import { isFinal } from "./merge";

const icons = { retry: RotateCcw, resume: Redo2, drop: Ban };

/** What can be done to a transaction where it stands. */
function actsOf(tx: Transaction): Act[] {
  if (!isFinal(tx.Status)) return ["drop"];
  return tx.Status === "Completed" ? ["retry"] : ["resume", "retry"];
}

/** Runs a transaction again, goes on with it, or ends it. */
export function Acts({ account, of }: { account: string; of: Transaction }) {
  const { t } = useTranslation();
  const may = useMay();
  const [asked, setAsked] = useState<Act | null>(null);
  if (!may("Accounts", "Edit")) return null;
  return (
    <>
      {actsOf(of).map((act) => {
        const Icon = icons[act];
        return (
          <Button
            key={act}
            size="xs"
            variant="default"
            leftSection={<Icon size={14} aria-hidden />}
            onClick={() => setAsked(act)}
          >
            {t(`transaction.${act}`)}
          </Button>
        );
      })}
      {asked && <ActDialog account={account} of={of} act={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

interface Props {
  account: string;
  of: Transaction;
  act: Act;
  onClose(): void;
}

/** Says what an act does, does it, and leads to what came of it. */
export function ActDialog({ account, of, act, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const acting = useMutation({
    mutationFn: () => actOn(account, of.Id, act),
    onSuccess: async (made) => {
      onClose();
      say(t(`transaction.${act}Done`));
      await navigate({
        to: "/accounts/$account/cycles/$cycle/transactions/$transaction",
        params: { account, cycle: made.CycleId, transaction: made.Id },
      });
      await queries.invalidateQueries({ queryKey: ["account", account] });
    },
  });
  return (
    <Dialog
      title={t(`transaction.${act}Title`)}
      act={t(`transaction.${act}`)}
      danger={act === "drop"}
      busy={acting.isPending}
      error={acting.error}
      onAct={() => acting.mutate()}
      onClose={onClose}
    >
      <p>{t(`transaction.${act}Says`)}</p>
      {act === "drop" && of.Children > 0 && <p>{t("transaction.dropChildren", { count: of.Children })}</p>}
    </Dialog>
  );
}
