import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CloudOff, Compass, type LucideIcon, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { useOwn } from "../session/may";
import classes from "./State.module.css";

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  heading?: "h1" | "h2";
  children?: ReactNode;
}

/** What stands where a list would, when there is nothing in it. */
export function Empty({ icon: Icon, title, heading: Heading = "h2", children }: EmptyProps) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>
        <Icon size={20} strokeWidth={1.75} aria-hidden />
      </span>
      <Heading>{title}</Heading>
      {children && <div className={classes.hint}>{children}</div>}
    </div>
  );
}

/** What stands for a page whose address names nothing, with a way on. */
export function Missing({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const own = useOwn();
  return (
    <Empty icon={Compass} title={t("error.notFoundTitle")} heading="h1">
      <p>{children}</p>
      <Button variant="default" renderRoot={(props) => <Link to="/accounts" {...props} />}>
        {t(own ? "error.toHome" : "error.toAccounts")}
      </Button>
    </Empty>
  );
}

/** What stands where something would, when it could not be loaded. */
export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useTranslation();
  const known = error instanceof ApiError;
  if (known && error.status === 404) return <Missing>{error.message}</Missing>;
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} data-bad>
        <CloudOff size={20} strokeWidth={1.75} aria-hidden />
      </span>
      <h2>{t("error.title")}</h2>
      <p className={classes.hint}>{known ? error.message : t("error.offline")}</p>
      {known && error.requestId && <p className={classes.request}>{t("error.request", { id: error.requestId })}</p>}
      {onRetry && (
        <Button variant="default" leftSection={<RotateCw size={14} aria-hidden />} onClick={onRetry}>
          {t("action.retry")}
        </Button>
      )}
    </div>
  );
}
