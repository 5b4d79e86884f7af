import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import type { CustomConnector } from "../api/schema";
import { Form } from "../ui/Form";
import { changeCustom, customQuery, useCustomsChanged } from "./calls";
import type { Row } from "./definition";
import { Faults } from "./PartField";
import classes from "./workshop.module.css";

interface Props {
  of: CustomConnector;
  /** What the form begins with. */
  values: Row;
  /** The properties of the definition that an entry means. */
  change(entered: Row): Row;
  /** What the form has of the connector as it is then. */
  read(now: CustomConnector): Row;
  faults?: Readonly<Record<string, string>>;
  readOnly: boolean;
  children: ReactNode;
}

const none = {};

/** A form on a part of a definition. What another has changed meanwhile is not written over. */
export function SectionForm({ of, values, change, read, faults = none, readOnly, children }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const changed = useCustomsChanged();
  const [conflict, setConflict] = useState(false);
  const [round, setRound] = useState(0);
  const save = async (entered: Row) => {
    setConflict(false);
    try {
      const now = await changeCustom(of, change(entered));
      queries.setQueryData(customQuery(of.Id ?? 0).queryKey, now);
      void queries.invalidateQueries({ queryKey: ["customs"] });
      return read(now);
    } catch (e) {
      // A 409 is either that, or that something is in use: only the first has another revision by then.
      if (e instanceof ApiError && e.status === 409) {
        const now = await queries.fetchQuery({
          ...customQuery(of.Id ?? 0),
          queryKey: ["custom", of.Id ?? 0, "now"],
          staleTime: 0,
        });
        setConflict(now.Revision !== of.Revision);
      }
      throw e;
    }
  };
  const takeTheirs = async () => {
    await changed();
    setConflict(false);
    setRound((n) => n + 1);
  };
  return (
    <Faults.Provider value={faults}>
      <Form key={round} values={values} save={save} readOnly={readOnly}>
        {children}
        {conflict && (
          <p className={classes.conflict}>
            {t("workshop.conflict")}
            <Button size="xs" variant="default" onClick={() => void takeTheirs()}>
              {t("workshop.loadTheirs")}
            </Button>
          </p>
        )}
      </Form>
    </Faults.Provider>
  );
}

/** The same values as long as they say the same, so that the form is not begun anew. */
export function useSame(values: Row): Row {
  const text = JSON.stringify(values);
  return useMemo(() => JSON.parse(text) as Row, [text]);
}
