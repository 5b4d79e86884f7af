import { Button, Checkbox } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { Dialog } from "../ui/Dialog";
import { bytes } from "../ui/format";
import { say } from "../ui/say";
import { importTemplate, useChanged } from "./calls";
import classes from "./template.module.css";

/** Imports a template from a file. What is wrong with the file is said by its field. */
export function ImportDialog({ folder, onClose }: { folder?: string; onClose(): void }) {
  const { t } = useTranslation();
  const mayPublish = useMay()("Templates", "Manage");
  const changed = useChanged();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [draft, setDraft] = useState(true);
  const [missing, setMissing] = useState(false);
  const take = useMutation({
    mutationFn: async (file: File) => importTemplate(await file.text(), folder, draft),
    onSuccess: async ({ Id: template, Name: name }) => {
      onClose();
      await navigate({ to: "/templates/$template", params: { template } });
      await changed();
      say(t("template.imported", { name }));
    },
  });
  return (
    <Dialog
      title={t("template.importTitle")}
      act={t("template.import")}
      busy={take.isPending}
      error={missing ? null : take.error}
      onAct={() => (file ? take.mutate(file) : setMissing(true))}
      onClose={onClose}
    >
      <p>{t("template.importSays")}</p>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={t("template.file")}
        onChange={(e) => {
          setFile(e.currentTarget.files?.[0]);
          setMissing(false);
          take.reset();
        }}
      />
      <div className={classes.file}>
        <Button
          variant="default"
          leftSection={<FileUp size={15} aria-hidden />}
          aria-describedby="chosen-file"
          onClick={() => input.current?.click()}
        >
          {t("template.chooseFile")}
        </Button>
        <span id="chosen-file" data-bad={missing || undefined} role="status">
          {file ? `${file.name}, ${bytes(file.size)}` : t(missing ? "template.fileFirst" : "template.noFile")}
        </span>
      </div>
      <Checkbox
        label={t("template.asDraft")}
        description={mayPublish ? t("template.asDraftHint") : t("template.asDraftOnly")}
        checked={draft}
        disabled={!mayPublish}
        onChange={(e) => setDraft(e.currentTarget.checked)}
      />
    </Dialog>
  );
}
