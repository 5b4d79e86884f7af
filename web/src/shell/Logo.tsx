import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { lookQuery, paint } from "./look";
import { Mark } from "./Mark";
import classes from "./Shell.module.css";

/** The partner's logo, or the product's mark. */
export function Logo({ size, logo }: { size: number; logo?: string }) {
  const own = useQuery(lookQuery).data?.Logo;
  const shown = logo ?? own;
  return shown ? <img src={shown} alt="" className={classes.logo} height={size} /> : <Mark size={size} />;
}

/** Paints the console as its partner's, whoever that has become. */
export function usePaint(): void {
  const color = useQuery(lookQuery).data?.AccentColor;
  useEffect(() => {
    if (color !== undefined) paint(color);
  }, [color]);
}

/** The name of the product, as the partner calls it. */
export function useProduct(): string {
  const { t } = useTranslation();
  return useQuery(lookQuery).data?.ProductName || t("app.name");
}
