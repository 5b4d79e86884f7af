import { Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { Form } from "../ui/Form";
import { AreaField, Section, SwitchField } from "../ui/field";
import { Failure } from "../ui/State";
import { changeEmbedding, embeddingQuery } from "./calls";
import { fromLines, toLines } from "./lines";

const embeddingOf = (e: { Frames: boolean; InlineOAuth: boolean; FrameHosts: string[]; TargetOrigins: string[] }) => ({
  Frames: e.Frames,
  InlineOAuth: e.InlineOAuth,
  FrameHosts: toLines(e.FrameHosts),
  TargetOrigins: toLines(e.TargetOrigins),
});

/** Where embedded screens may be shown, and who is told what came of them. */
export function EmbeddingForm() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const embedding = useQuery(embeddingQuery);
  const mayEdit = useMay()("Settings", "Edit");
  const values = useMemo(() => embedding.data && embeddingOf(embedding.data), [embedding.data]);
  if (embedding.isError) return <Failure error={embedding.error} onRetry={() => embedding.refetch()} />;
  if (!values) return <Skeleton height={280} maw={640} />;
  return (
    <Form
      values={values}
      readOnly={!mayEdit}
      save={async (v) => {
        const lists = { FrameHosts: fromLines(v.FrameHosts), TargetOrigins: fromLines(v.TargetOrigins) };
        const now = await changeEmbedding({ ...v, ...lists });
        queries.setQueryData(embeddingQuery.queryKey, now);
        return embeddingOf(now);
      }}
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
    </Form>
  );
}
