import { Skeleton } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { Count } from "../ui/Count";
import { installsQuery } from "./calls";

/** How many cycles are of a template, and whether some could be upgraded; asked for when it comes into view. */
export function Installs({ of }: { of: Template }) {
  const { t } = useTranslation();
  const { ref, inViewport } = useInViewport<HTMLSpanElement>();
  const installs = useQuery({ ...installsQuery(of.Id), enabled: inViewport });
  const { all, older } = installs.data ?? {};
  return (
    <span ref={ref}>
      {all !== undefined ? (
        <Count n={all} />
      ) : installs.isError ? (
        <span className="faint">{t("time.none")}</span>
      ) : (
        <Skeleton height={10} width={24} display="inline-block" />
      )}
      {!!older && of.ReleaseState === "Live" && (
        <>
          <br />
          <Link to="/templates/$template/upgrade" params={{ template: of.Id }} className="row-link">
            {t("template.toUpgrade", { count: older })}
          </Link>
        </>
      )}
    </span>
  );
}
