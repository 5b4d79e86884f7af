import { useTranslation } from "react-i18next";
import type { User } from "../api/schema";
import { Confirm } from "../ui/Confirm";
import { deleteUser } from "./calls";
import { called } from "./person";

/** Deletes a user, everywhere. */
export function DeleteDialog({ user, onClose }: { user: User; onClose(): void }) {
  const { t } = useTranslation();
  const name = called(user);
  const count = user.Accounts.length;
  return (
    <Confirm
      stale={["users"]}
      title={t("people.deleteTitle", { name })}
      act={t("people.delete")}
      done={t("people.deleted", { name })}
      run={() => deleteUser(user.Id)}
      onClose={onClose}
    >
      {count > 0 && <p>{t("people.deleteFrom", { count })}</p>}
      <p>{t("people.deleteLead")}</p>
    </Confirm>
  );
}
