import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Handshake, Import, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "../session/may";
import { PageHead } from "../ui/PageHead";
import { useAddress } from "../ui/useAddress";
import type { LibraryFilter } from "./address";
import { Bin } from "./Bin";
import { foldersQuery } from "./calls";
import { FolderHead, FolderTree } from "./FolderTree";
import { LibraryDialog, type Open } from "./LibraryDialog";
import { TemplateList } from "./TemplateList";
import classes from "./template.module.css";

/** The library of templates: its folders at the side, and what is in the chosen one. */
export function LibraryPage() {
  const { t } = useTranslation();
  const may = useMay();
  const [{ folder, deleted }] = useAddress<LibraryFilter>();
  const folders = useQuery(foldersQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const here = folders.data?.find((f) => f.Id === folder);
  return (
    <>
      <PageHead title={t("template.library")} lead={t("template.lead")} docs="templates">
        {may("Templates", "Edit") && (
          <>
            <Button
              variant="default"
              leftSection={<Handshake size={15} aria-hidden />}
              onClick={() => setOpen({ what: "accept" })}
            >
              {t("template.accept")}
            </Button>
            <Button
              variant="default"
              leftSection={<Import size={15} aria-hidden />}
              onClick={() => setOpen({ what: "import" })}
            >
              {t("template.import")}
            </Button>
            <Button leftSection={<Plus size={15} aria-hidden />} onClick={() => setOpen({ what: "new" })}>
              {t("template.new")}
            </Button>
          </>
        )}
      </PageHead>
      <div className={classes.library}>
        <FolderTree folders={folders} folder={folder} deleted={deleted} onNew={() => setOpen({ what: "newFolder" })} />
        <section aria-label={deleted ? t("template.bin") : (here?.Name ?? t("template.all"))}>
          {here && <FolderHead folder={here} onOpen={setOpen} />}
          {deleted ? <Bin /> : <TemplateList folders={folders.data ?? []} onOpen={setOpen} />}
        </section>
      </div>
      {open && <LibraryDialog open={open} folder={here} onClose={() => setOpen(null)} />}
    </>
  );
}
