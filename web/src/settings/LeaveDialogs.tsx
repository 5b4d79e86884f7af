import { useTranslation } from "react-i18next";
import type { ConsoleUser } from "../api/schema";
import { Confirm } from "../ui/Confirm";
import { removeColleague, resetTwoFactor } from "./calls";

interface Props {
  what: "remove" | "reset";
  user: ConsoleUser;
  onClose(): void;
}

/** Takes something of a colleague away: all, an invitation, or a second factor that was lost. */
export function LeaveDialogs({ what, user, onClose }: Props) {
  const { t } = useTranslation();
  const name = user.Name;
  const common = { stale: ["consoleusers"], onClose };
  if (what === "reset") {
    return (
      <Confirm
        {...common}
        title={t("settings.team.resetTitle", { name })}
        act={t("settings.team.reset")}
        done={t("settings.team.resetDone", { name })}
        run={() => resetTwoFactor(user.Id)}
      >
        <p>{t("settings.team.resetLead")}</p>
      </Confirm>
    );
  }
  return (
    <Confirm
      {...common}
      title={t(user.Invited ? "settings.team.revokeTitle" : "settings.team.removeTitle", { name })}
      act={t(user.Invited ? "settings.team.revoke" : "settings.team.remove")}
      done={t("settings.team.removed", { name })}
      run={() => removeColleague(user.Id)}
    >
      <p>{t(user.Invited ? "settings.team.revokeLead" : "settings.team.removeLead")}</p>
    </Confirm>
  );
}
