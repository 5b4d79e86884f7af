import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectorRelease, CustomConnector } from "../api/schema";
import { CodeCompare } from "../ui/Code";
import { Modal } from "../ui/Modal";
import { Refusal } from "../ui/Refusal";
import { customQuery } from "./calls";
import { exported, type Row } from "./definition";
import classes from "./workshop.module.css";

interface Props {
  releases: readonly ConnectorRelease[];
  of: CustomConnector;
  onClose(): void;
}

/** Two releases of a connector beside one another, as JSON. */
export function CompareDialog({ releases, of, onClose }: Props) {
  const { t } = useTranslation();
  const other = releases.find((r) => r.Id !== of.Id)?.Id ?? 0;
  const [before, setBefore] = useState(Math.min(other, of.Id ?? 0));
  const [after, setAfter] = useState(Math.max(other, of.Id ?? 0));
  const data = releases.map((r) => ({ value: String(r.Id), label: `${r.Version} ${r.ReleaseStatus}` }));
  const old = useText(before);
  const now = useText(after);
  return (
    <Modal onClose={onClose} title={t("workshop.compare")} size="90rem">
      <div className={classes.compared}>
        <NativeSelect
          label={t("workshop.before")}
          value={String(before)}
          data={data}
          onChange={(e) => setBefore(Number(e.currentTarget.value))}
        />
        <NativeSelect
          label={t("workshop.after")}
          value={String(after)}
          data={data}
          onChange={(e) => setAfter(Number(e.currentTarget.value))}
        />
      </div>
      <Refusal error={old.error ?? now.error} />
      {old.text !== undefined && now.text !== undefined && (
        <CodeCompare
          language="json"
          before={{ label: t("workshop.before"), text: old.text }}
          after={{ label: t("workshop.after"), text: now.text }}
        />
      )}
    </Modal>
  );
}

function useText(id: number) {
  const { data, error } = useQuery({ ...customQuery(id), enabled: id !== 0 });
  return { text: data && JSON.stringify(exported(data as Row), null, 2), error };
}
