import { NativeSelect, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { createCustom, customQuery, customsQuery, useCustomsChanged } from "./calls";
import { copyOf, type Definition, empty, exported, parsed, type Row } from "./definition";
import { FileChoice } from "./FileChoice";

interface Props {
  way: "empty" | "copy" | "file";
  onDone(id: number): void;
  onClose(): void;
}

/** Makes a connector: an empty one, one like another, or of a file. */
export function NewDialog({ way, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const changed = useCustomsChanged();
  const [name, setName] = useState("");
  const [from, setFrom] = useState("");
  const [file, setFile] = useState<File>();
  const all = useQuery({ ...customsQuery({}, 1000), enabled: way === "copy" });
  const definition = async (): Promise<Row> => {
    if (way === "empty") return empty(name);
    if (way === "copy") return copyOf((await queries.fetchQuery(customQuery(Number(from)))) as Definition, name);
    const text = (await file?.text()) ?? "";
    try {
      return exported(parsed(text));
    } catch {
      throw new ApiError(400, t("workshop.noDefinition"));
    }
  };
  const make = useMutation({
    mutationFn: async () => createCustom(await definition()),
    onSuccess: async (made) => {
      onClose();
      await changed();
      onDone(made.Id ?? 0);
      say(t("workshop.made", { name: made.Name }));
    },
  });
  const chosen = { empty: true, copy: from !== "", file: file !== undefined }[way];
  return (
    <Dialog
      title={t(`workshop.way.${way}`)}
      act={t(way === "file" ? "workshop.import" : "workshop.create")}
      blocked={!chosen}
      busy={make.isPending}
      error={make.error}
      onAct={() => make.mutate()}
      onClose={onClose}
    >
      <p>{t(`workshop.waySays.${way}`)}</p>
      {way === "copy" && (
        <NativeSelect
          label={t("workshop.copyFrom")}
          value={from}
          onChange={(e) => setFrom(e.currentTarget.value)}
          data={[
            { value: "", label: t("workshop.choose") },
            ...(all.data?.rows ?? []).map((c) => ({ value: String(c.Id), label: `${c.Name} ${c.Version}` })),
          ]}
        />
      )}
      {way === "file" ? (
        <FileChoice accept="application/json,.json" file={file} onChoose={setFile} />
      ) : (
        <TextInput
          label={t("workshop.part.Name")}
          value={name}
          data-autofocus
          onChange={(e) => setName(e.currentTarget.value)}
        />
      )}
    </Dialog>
  );
}
