import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Marketplace } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { deleteMarketplace, packagesQuery, useChanged } from "./calls";

/** Deletes a marketplace, after saying with how much. */
export function DeleteDialog({ of, onDone, onClose }: { of: Marketplace; onDone(): void; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const packages = useQuery(packagesQuery(of.Id, {})).data?.total ?? 0;
  const deletion = useMutation({
    mutationFn: () => deleteMarketplace(of.Id),
    onSuccess: async () => {
      say(t("embedding.deleted", { name: of.Name }));
      onDone();
      await changed();
    },
  });
  return (
    <Dialog
      title={t("embedding.deleteOf", { name: of.Name })}
      act={t("embedding.delete")}
      danger
      busy={deletion.isPending}
      error={deletion.error}
      onAct={() => deletion.mutate()}
      onClose={onClose}
    >
      <p>{t("embedding.deleteSays", { count: packages })}</p>
    </Dialog>
  );
}
