import { NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Cycle, Lost } from "../api/schema";
import { templatesQuery } from "../template/calls";
import { Dialog } from "../ui/Dialog";
import { copyToTemplate } from "./calls";
import { LostList } from "./LostList";

/** Copies a cycle to a new template, or to the draft of one. */
export function TemplateDialog({ account, cycle, onClose }: { account: string; cycle: Cycle; onClose(): void }) {
  const { t } = useTranslation();
  const [template, setTemplate] = useState("");
  const templates = useQuery(templatesQuery({}));
  const copy = useMutation({
    mutationFn: () => copyToTemplate(account, cycle.Id, template ? { TemplateId: template } : { Name: cycle.Name }),
  });
  const made = copy.data;
  if (made) {
    return (
      <Dialog title={t("cycle.toTemplateDone")} act={t("action.close")} onAct={onClose} onClose={onClose}>
        <p>
          <Link to="/templates/$template" params={{ template: made.Id }}>
            {t("cycle.openTemplate", { name: made.Name })}
          </Link>
        </p>
        <LostList lead={t("cycle.lostTemplate")} list={(made.Lost ?? []) as Lost[]} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t("cycle.toTemplateOf", { name: cycle.Name })}
      act={t("cycle.toTemplateAct")}
      busy={copy.isPending}
      error={copy.error ?? templates.error}
      onAct={() => copy.mutate()}
      onClose={onClose}
    >
      <p>{t("cycle.toTemplateSays")}</p>
      <NativeSelect
        label={t("cycle.toTemplateTarget")}
        value={template}
        data={[
          { value: "", label: t("cycle.newTemplate") },
          ...(templates.data?.rows ?? []).map((x) => ({ value: x.Id, label: t("cycle.draftOf", { name: x.Name }) })),
        ]}
        onChange={(e) => setTemplate(e.currentTarget.value)}
      />
    </Dialog>
  );
}
