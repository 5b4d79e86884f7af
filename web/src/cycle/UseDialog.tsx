import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { installTemplate, useInstalled } from "../template/calls";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { UsedConnectors } from "./CycleName";

interface Props {
  account: string;
  template: Template;
  onMade(cycle: string): void;
  onClose(): void;
}

/** Makes a cycle of a template, and leads to it: there is what it needs. */
export function UseDialog({ account, template, onMade, onClose }: Props) {
  const { t } = useTranslation();
  const installed = useInstalled();
  const use = useMutation({
    mutationFn: () => installTemplate(template.Id, account),
    onSuccess: (made) => {
      onClose();
      onMade(made.Id);
      say(t("cycle.made", { name: made.Name }));
      void installed(account);
    },
  });
  return (
    <Dialog
      title={t("cycle.useOf", { name: template.Name })}
      act={t("cycle.use")}
      busy={use.isPending}
      error={use.error}
      onAct={() => use.mutate()}
      onClose={onClose}
    >
      <p>{t("cycle.useSays")}</p>
      <UsedConnectors of={template} />
    </Dialog>
  );
}
