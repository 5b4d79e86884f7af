import { useTranslation } from "react-i18next";
import { AreaField, Section, SwitchField } from "../ui/field";
import { changeEmbedding, embeddingQuery } from "./calls";
import { fromLines, toLines } from "./lines";
import { SettingsForm } from "./SettingsForm";

const embeddingOf = (e: { Frames: boolean; InlineOAuth: boolean; FrameHosts: string[]; TargetOrigins: string[] }) => ({
  Frames: e.Frames,
  InlineOAuth: e.InlineOAuth,
  FrameHosts: toLines(e.FrameHosts),
  TargetOrigins: toLines(e.TargetOrigins),
});

/** Where embedded screens may be shown, and who is told what came of them. */
export function EmbeddingForm() {
  const { t } = useTranslation();
  return (
    <SettingsForm
      query={embeddingQuery}
      of={embeddingOf}
      height={280}
      change={(v) =>
        changeEmbedding({ ...v, FrameHosts: fromLines(v.FrameHosts), TargetOrigins: fromLines(v.TargetOrigins) })
      }
    >
      <Section title={t("settings.embedding.title")} lead={t("settings.embedding.lead")}>
        <SwitchField
          name="Frames"
          label={t("settings.embedding.frames")}
          description={t("settings.embedding.framesHint")}
        />
        <AreaField
          name="FrameHosts"
          label={t("settings.embedding.hosts")}
          description={t("settings.embedding.hostsHint")}
        />
        <AreaField
          name="TargetOrigins"
          label={t("settings.embedding.origins")}
          description={t("settings.embedding.originsHint")}
        />
        <SwitchField
          name="InlineOAuth"
          label={t("settings.embedding.inline")}
          description={t("settings.embedding.inlineHint")}
        />
      </Section>
    </SettingsForm>
  );
}
