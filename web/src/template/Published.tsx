import { Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { useMay } from "../session/may";
import { Hint } from "../ui/Hint";
import { say } from "../ui/say";
import { changeTemplate, useChanged } from "./calls";

interface Props {
  of: Template;
  label?: string;
  onProblem(error: Error | null): void;
}

/** Whether customers can install a template: a switch for those who may say so. */
export function Published({ of, label, onProblem }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const changed = useChanged();
  const publish = useMutation({
    mutationFn: (Published: boolean) => changeTemplate(of.Id, { Published }),
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSuccess: async ({ Name: name, Published }) => {
      await changed();
      say(t(Published ? "template.nowPublished" : "template.nowHidden", { name }));
    },
  });
  const on = publish.isPending ? publish.variables : of.Published;
  const waits = on && of.ReleaseState !== "Live";
  return (
    <Hint label={waits ? t("template.publishedLater") : t("template.publishedHint")}>
      <span>
        <Switch
          size="sm"
          checked={on}
          label={label}
          aria-label={label ? undefined : t("template.publishedOf", { name: of.Name })}
          disabled={!may("Templates", "Manage")}
          onChange={(e) => publish.mutate(e.currentTarget.checked)}
        />
      </span>
    </Hint>
  );
}
