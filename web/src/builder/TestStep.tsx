import { Button } from "@mantine/core";
import { FlaskConical } from "lucide-react";
import { lazy, Suspense, useContext, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { BuilderContext } from "./context";
import type { Design, Step } from "./design";
import setup from "./setup.module.css";

const TestDialog = lazy(async () => ({ default: (await import("./TestDialog")).TestDialog }));

/** Opens the test of a step that calls a method, to who may act in accounts. */
export function TestStep({ step, design }: { step: Step; design: Design }) {
  const { t } = useTranslation();
  const may = useMay();
  const { about } = useContext(BuilderContext);
  const [open, setOpen] = useState(false);
  if (!about(step).method || !may("Accounts", "Edit")) return null;
  return (
    <>
      <Button
        size="xs"
        variant="default"
        className={setup.tries}
        leftSection={<FlaskConical size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("builder.test.open")}
      </Button>
      <Suspense>{open && <TestDialog step={step} design={design} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
