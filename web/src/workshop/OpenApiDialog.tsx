import { TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectorImport, ConnectorPreview } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { importConnector, useCustomsChanged } from "./calls";
import { FileChoice } from "./FileChoice";
import { ImportPreview } from "./ImportPreview";

interface Props {
  /** The connector that is brought up to a document; none: a new one is made. */
  into?: { id: number; name: string };
  onDone(id: number): void;
  onClose(): void;
}

/** Makes a connector of an OpenAPI document: first what would come is shown, then what of it is wanted. */
export function OpenApiDialog({ into, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useCustomsChanged();
  const [url, setUrl] = useState("");
  const [file, setFile] = useState<File>();
  const [name, setName] = useState("");
  const [preview, setPreview] = useState<ConnectorPreview>();
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const source = async (): Promise<ConnectorImport> => ({
    ...(file ? { Document: await file.text() } : { Url: url }),
    ...(name && { Name: name }),
  });
  const look = useMutation({
    mutationFn: async () => importConnector({ ...(await source()), DryRun: true }, into?.id),
    onSuccess: (found) => {
      setPreview(found);
      setWanted(new Set(found.Methods?.map((m) => m.Name ?? "")));
    },
  });
  const take = useMutation({
    mutationFn: async () => importConnector({ ...(await source()), Methods: [...wanted] }, into?.id),
    onSuccess: async ({ Connector: made }) => {
      onClose();
      await changed();
      onDone(made?.Id ?? 0);
      say(t("workshop.imported", { name: made?.Name }));
    },
  });
  const again = () => {
    setPreview(undefined);
    look.reset();
    take.reset();
  };
  return (
    <Dialog
      title={into ? t("workshop.importInto", { name: into.name }) : t("workshop.way.openapi")}
      act={preview ? t("workshop.importCount", { count: wanted.size }) : t("workshop.preview")}
      size={preview ? "xl" : "md"}
      blocked={preview ? wanted.size === 0 : !file && !url}
      busy={look.isPending || take.isPending}
      error={preview ? take.error : look.error}
      onAct={() => (preview ? take.mutate() : look.mutate())}
      onClose={onClose}
    >
      {preview ? (
        <ImportPreview of={preview} wanted={wanted} onWant={setWanted} onBack={again} />
      ) : (
        <>
          <p>{t("workshop.waySays.openapi")}</p>
          <TextInput
            label={t("workshop.url")}
            placeholder="https://api.example.com/openapi.json"
            value={url}
            disabled={!!file}
            data-autofocus
            onChange={(e) => setUrl(e.currentTarget.value)}
          />
          <FileChoice accept=".json,.yaml,.yml,application/json" file={file} onChoose={setFile} />
          {!into && (
            <TextInput
              label={t("workshop.importName")}
              description={t("workshop.importNameSays")}
              value={name}
              onChange={(e) => setName(e.currentTarget.value)}
            />
          )}
        </>
      )}
    </Dialog>
  );
}
