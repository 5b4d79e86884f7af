import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Release, Template } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { OnceDialog } from "../ui/OnceDialog";
import { say } from "../ui/say";
import { offerRelease, withdrawOffers } from "./calls";

interface Props {
  template: Template;
  release: Release;
  onClose(): void;
}

/** Makes a code by which another partner takes a release, or takes all codes back. */
export function OfferDialog({ template, release, onClose }: Props) {
  const { t } = useTranslation();
  const offer = useMutation({ mutationFn: () => offerRelease(template.Id, release.Id) });
  const withdraw = useMutation({
    mutationFn: () => withdrawOffers(template.Id, release.Id),
    onSuccess: () => {
      say(t("template.withdrawn", { version: release.Version }));
      onClose();
    },
  });
  const title = t("template.offerOf", { name: template.Name, version: release.Version });
  if (offer.data) {
    const parts = [{ label: t("template.code"), text: offer.data.Code }];
    return <OnceDialog title={title} lead={t("template.codeSays")} parts={parts} onClose={onClose} />;
  }
  return (
    <Dialog
      title={title}
      act={t("template.offerAct")}
      busy={offer.isPending}
      error={offer.error ?? withdraw.error}
      onAct={() => offer.mutate()}
      onClose={onClose}
    >
      <p>{t("template.offerSays")}</p>
      <div>
        <Button variant="default" size="compact-sm" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t("template.withdraw")}
        </Button>
      </div>
    </Dialog>
  );
}
