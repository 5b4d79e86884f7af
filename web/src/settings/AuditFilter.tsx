import { Button, Popover, TextInput } from "@mantine/core";
import { SlidersHorizontal } from "lucide-react";
import type { FormEvent } from "react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAddress } from "../ui/useAddress";
import type { AuditFilters } from "./audit";
import classes from "./settings.module.css";

const names = ["actor", "action", "account", "object"] as const;
const days = ["from", "to"] as const;

/** What one looks for besides a text: who, what, in which account, when. */
export function AuditFilter() {
  const { t } = useTranslation();
  const [filter, set] = useAddress<AuditFilters>();
  const [open, setOpen] = useState(false);
  const count = [...names, ...days].filter((n) => filter[n]).length;
  const apply = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const given = [...names, ...days].map((n) => [n, String(form.get(n) ?? "").trim() || undefined]);
    set(Object.fromEntries(given));
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus withinPortal={false}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<SlidersHorizontal size={14} aria-hidden />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {count > 0 ? t("settings.audit.filtersOn", { count }) : t("settings.audit.filters")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("settings.audit.filters")}>
        <form className={classes.filter} onSubmit={apply}>
          {names.map((n) => (
            <TextInput
              key={n}
              name={n}
              size="xs"
              label={t(`settings.audit.by.${n}`)}
              placeholder={t(`settings.audit.example.${n}`)}
              defaultValue={filter[n] ?? ""}
            />
          ))}
          <div className={classes.pair}>
            {days.map((n) => (
              <TextInput
                key={n}
                name={n}
                type="date"
                size="xs"
                label={t(`settings.audit.by.${n}`)}
                defaultValue={filter[n] ?? ""}
              />
            ))}
          </div>
          <Button type="submit" size="xs">
            {t("settings.audit.apply")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
