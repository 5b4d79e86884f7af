import { useTranslation } from "react-i18next";
import type { Authentication } from "../api/schema";
import { kindOf } from "../connector/ways";

/** The kinds of authentication that a connector offers. */
export function Ways({ of }: { of: Authentication[] }) {
  const { t } = useTranslation();
  const names = of.map((way) => {
    const kind = kindOf(way.AuthType);
    return kind ? t(`authentication.${kind}`) : way.AuthType;
  });
  return <>{[...new Set(names)].join(", ") || t("authentication.None")}</>;
}
