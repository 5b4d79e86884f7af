import { Radio, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomConnector } from "../api/schema";
import { Dialog } from "../ui/Dialog";
import { say } from "../ui/say";
import { connectorReleasesQuery, pushLive, useCustomsChanged } from "./calls";
import classes from "./workshop.module.css";

interface Props {
  of: CustomConnector;
  onDone(id: number): void;
  onClose(): void;
}

/** Makes a draft live: in the place of what is live, or beside it. */
export function PromoteDialog({ of, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useCustomsChanged();
  const releases = useQuery(connectorReleasesQuery(of.Id ?? 0));
  const live = releases.data?.find((r) => r.ReleaseStatus === "Live");
  const [kind, setKind] = useState<"Minor" | "Major">();
  const [notes, setNotes] = useState("");
  const chosen = kind ?? (live ? "Minor" : "Major");
  const promote = useMutation({
    mutationFn: () => pushLive(of.Id ?? 0, chosen, notes),
    onSuccess: async (now) => {
      onClose();
      onDone(now.Id ?? 0);
      await changed();
      say(t("workshop.pushed", { name: now.Name, version: now.Version }));
    },
  });
  return (
    <Dialog
      title={t("workshop.pushTitle", { name: of.Name, version: of.Version })}
      act={t("workshop.push")}
      busy={promote.isPending}
      error={promote.error}
      onAct={() => promote.mutate()}
      onClose={onClose}
    >
      {live ? (
        <Radio.Group value={chosen} onChange={(v) => setKind(v as "Minor" | "Major")} label={t("workshop.how")}>
          <div className={classes.kinds}>
            <Radio
              value="Minor"
              label={t("workshop.minor")}
              description={t("workshop.minorSays", { version: live.Version, count: live.Installed })}
            />
            <Radio
              value="Major"
              label={t("workshop.major")}
              description={t("workshop.majorSays", { version: live.Version })}
            />
          </div>
        </Radio.Group>
      ) : (
        <p>{t("workshop.firstSays")}</p>
      )}
      <Textarea
        label={t("workshop.notes")}
        description={t("workshop.notesSay")}
        rows={3}
        value={notes}
        onChange={(e) => setNotes(e.currentTarget.value)}
      />
    </Dialog>
  );
}
