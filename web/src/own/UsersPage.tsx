import { useTranslation } from "react-i18next";
import { UsersTab } from "../people/UsersTab";
import { useMay } from "../session/may";
import { Missing } from "../ui/State";

/** The people of the account, for its administrators; to others there is no such page. */
export function UsersPage() {
  const { t } = useTranslation();
  return useMay()("Users") ? <UsersTab /> : <Missing>{t("error.notFound")}</Missing>;
}
