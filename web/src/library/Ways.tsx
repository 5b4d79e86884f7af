import { useTranslation } from "react-i18next";
import type { Authentication } from "../api/schema";

/** The kinds of authentication that a connector offers. */
export function Ways({ of }: { of: Authentication[] }) {
  const { t } = useTranslation();
  const name = (way: Authentication) =>
    t(`library.kinds.${way.AuthType}` as "library.kinds.None", { defaultValue: way.AuthType });
  return <>{[...new Set(of.map(name))].join(", ") || t("library.kinds.None")}</>;
}
