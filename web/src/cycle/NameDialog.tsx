import { useTranslation } from "react-i18next";
import type { Cycle } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { TextField } from "../ui/field";
import { say } from "../ui/say";
import { copyCycle, createCycle, useCyclesChanged } from "./calls";

interface Props {
  account: string;
  onMade(cycle: string): void;
  onClose(): void;
}

/** Makes a cycle without steps. */
export function NewDialog({ account, onMade, onClose }: Props) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  return (
    <FormDialog
      title={t("cycle.new")}
      act={t("cycle.create")}
      values={{ Name: "" }}
      save={(values) => createCycle(account, values)}
      onDone={(made) => {
        onClose();
        onMade(made.Id);
        void changed();
      }}
      onClose={onClose}
    >
      <p>{t("cycle.newSays")}</p>
      <TextField name="Name" label={t("cycle.name")} required data-autofocus />
    </FormDialog>
  );
}

/** Makes another cycle of the same design, stopped. */
export function CopyDialog({ account, cycle, onMade, onClose }: Props & { cycle: Cycle }) {
  const { t } = useTranslation();
  const changed = useCyclesChanged(account);
  return (
    <FormDialog
      title={t("cycle.copyOf", { name: cycle.Name })}
      act={t("cycle.copy")}
      values={{ Name: t("cycle.copyName", { name: cycle.Name }) }}
      save={({ Name }) => copyCycle(account, cycle.Id, Name)}
      onDone={(made) => {
        onClose();
        onMade(made.Id);
        void changed();
        say(t("cycle.copied", { name: made.Name }));
      }}
      onClose={onClose}
    >
      <p>{t("cycle.copySays")}</p>
      <TextField name="Name" label={t("cycle.name")} required data-autofocus />
    </FormDialog>
  );
}
