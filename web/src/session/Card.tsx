import type { FormEvent, ReactNode } from "react";
import { Logo, usePaint } from "../shell/Logo";
import { usePageTitle } from "../shell/title";
import { Refusal } from "../ui/Refusal";
import classes from "./SignInPage.module.css";

interface CardProps {
  title: string;
  lead?: string;
  error?: Error | null;
  problem?: string | false;
  onSubmit?: (form: FormData) => void;
  children?: ReactNode;
}

/** The frame of the pages for who is not signed in: one form in the middle. */
export function Card({ title, lead, error, problem, onSubmit, children }: CardProps) {
  usePageTitle(title);
  usePaint();
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    onSubmit?.(new FormData(e.currentTarget));
  };
  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Logo size={36} />
        <h1>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        <Refusal error={error} problem={problem} />
        {children}
      </form>
    </main>
  );
}
