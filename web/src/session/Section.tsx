import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { Refusal } from "../ui/Refusal";
import classes from "./SignInPage.module.css";

interface SectionProps {
  title: string;
  lead?: string;
  error?: Error | null;
  done?: boolean;
  onSubmit(form: FormData): void;
  children: ReactNode;
}

/** One form of the page, with a heading. */
export function Section({ title, lead, error, done, onSubmit, children }: SectionProps) {
  const { t } = useTranslation();
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    onSubmit(new FormData(e.currentTarget));
  };
  return (
    <form className={classes.section} onSubmit={submit} noValidate aria-label={title}>
      <h2>{title}</h2>
      {lead && <p className={classes.lead}>{lead}</p>}
      <Refusal error={error} problem={unproven(error) && t("profile.presentWrong")} />
      <p role="status">{done && t("profile.saved")}</p>
      {children}
    </form>
  );
}

/** That it was not shown to be oneself who asks. */
const unproven = (error?: Error | null) => error instanceof ApiError && !!error.fields.CurrentPassword;
