import { Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CirclePause, CirclePlay, FolderPlus, LogIn, Settings, Trash2, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Service } from "../account/ServiceDialog";
import type { Account } from "../api/schema";
import { useMay } from "../session/may";
import { RowMenu } from "../ui/RowMenu";

/** What the menu of an account opens. */
export type Asked = Service | "add";

/** What can be done with an account. */
export function AccountMenu({ account, onAsk }: { account: Account; onAsk(what: Asked): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const params = { account: account.Id };
  return (
    <RowMenu label={t("tenant.menu", { name: account.Name })}>
      <Menu.Item
        leftSection={<LogIn size={14} aria-hidden />}
        renderRoot={(props) => <Link to="/accounts/$account/cycles" params={params} {...props} />}
      >
        {t("tenant.open")}
      </Menu.Item>
      <Menu.Item
        leftSection={<Settings size={14} aria-hidden />}
        renderRoot={(props) => <Link to="/accounts/$account/settings" params={params} {...props} />}
      >
        {t("tenant.settings")}
      </Menu.Item>
      {may("Users") && (
        <Menu.Item
          leftSection={<Users size={14} aria-hidden />}
          renderRoot={(props) => <Link to="/accounts/$account/users" params={params} {...props} />}
        >
          {t("tenant.users")}
        </Menu.Item>
      )}
      {may("Accounts", "Edit") && (
        <Menu.Item leftSection={<FolderPlus size={14} aria-hidden />} onClick={() => onAsk("add")}>
          {t("tenant.addBelow")}
        </Menu.Item>
      )}
      {may("Accounts", "Manage") && (
        <>
          <Menu.Divider />
          {account.Enabled ? (
            <Menu.Item leftSection={<CirclePause size={14} aria-hidden />} onClick={() => onAsk("suspend")}>
              {t("tenant.suspend")}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<CirclePlay size={14} aria-hidden />} onClick={() => onAsk("resume")}>
              {t("tenant.resume")}
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<Trash2 size={14} aria-hidden />} onClick={() => onAsk("delete")}>
            {t("tenant.delete")}
          </Menu.Item>
        </>
      )}
    </RowMenu>
  );
}
