import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../api/schema";
import { CopyId } from "../ui/CopyId";
import { exact, parseDate } from "../ui/format";
import { JsonView } from "../ui/JsonView";
import { Modal } from "../ui/Modal";
import { actionWords, sentOf } from "./audit";
import classes from "./settings.module.css";

/** All of an entry of the audit log. */
export function EntryDialog({ entry: e, onClose }: { entry: AuditEntry; onClose(): void }) {
  const { t, i18n } = useTranslation();
  const at = parseDate(e.CreatedOnUtc);
  const facts: [string, string | undefined][] = [
    [t("settings.audit.when"), at ? exact(at, "UTC", i18n.language) : undefined],
    [t("settings.audit.who"), e.Actor],
    [t("settings.audit.type"), t(`settings.audit.types.${e.ActorType as "User"}`)],
    [t("settings.audit.account"), e.Account || e.AccountId],
    [t("settings.audit.object"), e.Object],
    [t("settings.audit.outcome"), t(e.Outcome === "Refused" ? "settings.audit.refused" : "settings.audit.done")],
    [t("settings.audit.reason"), e.Reason],
    [t("settings.audit.address"), e.Address],
  ];
  return (
    <Modal onClose={onClose} size="lg" title={actionWords(e.Action)}>
      <dl className={classes.facts}>
        {facts.map(
          ([label, text]) =>
            text && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ),
        )}
        {e.RequestId && (
          <div>
            <dt>{t("settings.audit.request")}</dt>
            <dd>
              <CopyId id={e.RequestId} whole />
            </dd>
          </div>
        )}
        <div>
          <dt>{t("settings.audit.entry", { id: e.Id })}</dt>
          <dd>
            <CopyId id={e.Hash} />
          </dd>
        </div>
      </dl>
      {e.Sent && (
        <>
          <h3 className={classes.small}>{t("settings.audit.sent")}</h3>
          <JsonView value={sentOf(e.Sent)} label={t("settings.audit.sent")} />
        </>
      )}
    </Modal>
  );
}
