import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { FormDialog } from "../ui/FormDialog";
import { SwitchField, TextField } from "../ui/field";
import { say } from "../ui/say";
import { acceptOffer, useChanged } from "./calls";

/** Takes a template that another partner offers, by the code that they gave. */
export function AcceptDialog({ folder, onClose }: { folder?: string; onClose(): void }) {
  const { t } = useTranslation();
  const mayPublish = useMay()("Templates", "Manage");
  const changed = useChanged();
  const navigate = useNavigate();
  return (
    <FormDialog
      title={t("template.acceptTitle")}
      act={t("template.accept")}
      values={{ Code: "", Draft: true }}
      save={({ Code, Draft }) => acceptOffer({ Code: Code.trim(), Draft: Draft ?? true, FolderId: folder })}
      onDone={async ({ Id: template, Name: name }) => {
        onClose();
        await navigate({ to: "/templates/$template", params: { template } });
        await changed();
        say(t("template.imported", { name }));
      }}
      onClose={onClose}
    >
      <p>{t("template.acceptSays")}</p>
      <TextField name="Code" label={t("template.code")} autoComplete="off" spellCheck={false} data-autofocus />
      {mayPublish && <SwitchField name="Draft" label={t("template.asDraft")} description={t("template.asDraftHint")} />}
    </FormDialog>
  );
}
