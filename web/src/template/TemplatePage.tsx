import { Button, Menu, Skeleton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowUpFromLine, Building2, PencilLine, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/schema";
import { useMay } from "../session/may";
import { CopyId } from "../ui/CopyId";
import { Crumbs } from "../ui/Crumbs";
import { Form } from "../ui/Form";
import { Section } from "../ui/field";
import { PageHead } from "../ui/PageHead";
import { Refusal } from "../ui/Refusal";
import { RowMenu } from "../ui/RowMenu";
import { Failure } from "../ui/State";
import { beginDraft, changeTemplate, foldersQuery, installsQuery, templateQuery, useChanged } from "./calls";
import { DeleteDialog } from "./DeleteDialog";
import { AboutFields, aboutOf, asChange } from "./fields";
import { InstallDialog } from "./InstallDialog";
import { Published } from "./Published";
import { Releases } from "./Releases";
import { Rollouts } from "./Rollouts";
import { UsedConnectors } from "./TemplateName";
import classes from "./template.module.css";

/** A template: its releases, and what is said of it. */
export function TemplatePage() {
  const { template: id } = useParams({ from: "/inside/templates/$template" });
  const template = useQuery(templateQuery(id));
  if (template.isError && !template.data) {
    return <Failure error={template.error} onRetry={() => template.refetch()} />;
  }
  return template.data ? <Loaded key={id} of={template.data} /> : <Skeleton height={280} radius={10} />;
}

function Loaded({ of }: { of: Template }) {
  const { t } = useTranslation();
  const may = useMay();
  const [problem, setProblem] = useState<Error | null>(null);
  return (
    <>
      <Way of={of} />
      <PageHead title={of.Name} docs="templates#the-library">
        <Actions of={of} onProblem={setProblem} />
      </PageHead>
      <div className={classes.facts}>
        <Published of={of} label={t("template.published")} onProblem={setProblem} />
        <UsedConnectors of={of} />
        <CopyId id={of.Id} whole />
      </div>
      <Refusal error={problem} />
      <section className={classes.part} aria-label={t("template.releases")}>
        <h2>{t("template.releases")}</h2>
        <Releases of={of} onProblem={setProblem} />
      </section>
      {may("Accounts") && <Rollouts template={of.Id} />}
      {may("Templates", "Edit") ? <Details of={of} /> : <Said of={of} />}
    </>
  );
}

/** What is said of the template, to be changed. */
function Details({ of }: { of: Template }) {
  const { t } = useTranslation();
  const changed = useChanged();
  return (
    <Form
      values={aboutOf(of)}
      save={async (about) => {
        const now = await changeTemplate(of.Id, asChange(about));
        await changed();
        return aboutOf(now);
      }}
    >
      <Section title={t("template.details")}>
        <AboutFields />
      </Section>
    </Form>
  );
}

/** The same, for those who may only look. */
function Said({ of }: { of: Template }) {
  const { t } = useTranslation();
  return (
    <section className={classes.part} aria-label={t("template.details")}>
      <h2>{t("template.details")}</h2>
      <p>{of.Description}</p>
      <p className={classes.marks}>
        {of.Tags.map((tag) => (
          <span key={tag}>{tag}</span>
        ))}
      </p>
    </section>
  );
}

function Way({ of }: { of: Template }) {
  const { t } = useTranslation();
  const folder = useQuery(foldersQuery).data?.find((f) => f.Id === of.FolderId);
  const links = [
    <Link key="library" to="/templates">
      {t("nav.templates")}
    </Link>,
  ];
  if (folder) {
    links.push(
      <Link key="folder" to="/templates" search={{ folder: folder.Id }}>
        {folder.Name}
      </Link>,
    );
  }
  return <Crumbs>{links}</Crumbs>;
}

/** What can be done with the template as a whole. */
function Actions({ of, onProblem }: { of: Template; onProblem(error: Error | null): void }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"install" | "delete">();
  const close = () => setOpen(undefined);
  const live = of.ReleaseState === "Live";
  return (
    <>
      {live && may("Accounts", "Edit") && (
        <Button variant="default" leftSection={<Building2 size={15} aria-hidden />} onClick={() => setOpen("install")}>
          {t("template.install")}
        </Button>
      )}
      {live && may("Accounts") && <Upgrade of={of} />}
      {may("Templates", "Edit") && <Edit of={of} onProblem={onProblem} />}
      {may("Templates", "Manage") && (
        <RowMenu label={t("template.moreOf", { name: of.Name })}>
          <Menu.Item color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => setOpen("delete")}>
            {t("template.delete")}
          </Menu.Item>
        </RowMenu>
      )}
      {open === "install" && <InstallDialog template={of} onClose={close} />}
      {open === "delete" && (
        <DeleteDialog template={of} onDone={() => navigate({ to: "/templates" })} onClose={close} />
      )}
    </>
  );
}

/** Leads to the cycles of older releases, if there are any. */
function Upgrade({ of }: { of: Template }) {
  const { t } = useTranslation();
  if (!useQuery(installsQuery(of.Id)).data?.older) return null;
  return (
    <Button
      variant="default"
      leftSection={<ArrowUpFromLine size={15} aria-hidden />}
      renderRoot={(props) => <Link to="/templates/$template/upgrade" params={{ template: of.Id }} {...props} />}
    >
      {t("template.upgrade")}
    </Button>
  );
}

/** Opens the draft, beginning one if there is none. */
function Edit({ of, onProblem }: { of: Template; onProblem(error: Error | null): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  const navigate = useNavigate();
  const begin = useMutation({
    mutationFn: async () => of.DraftReleaseId ?? (await beginDraft(of.Id)).Id,
    onMutate: () => onProblem(null),
    onError: onProblem,
    onSuccess: async (release) => {
      await navigate({ to: "/templates/$template/releases/$release", params: { template: of.Id, release } });
      await changed();
    },
  });
  return (
    <Button leftSection={<PencilLine size={15} aria-hidden />} loading={begin.isPending} onClick={() => begin.mutate()}>
      {of.DraftReleaseId ? t("template.editDraft") : t("template.beginDraft")}
    </Button>
  );
}
