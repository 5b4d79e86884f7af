import { useTranslation } from "react-i18next";
import type { Folder, Template } from "../api/schema";
import { FormDialog } from "../ui/FormDialog";
import { say } from "../ui/say";
import { AcceptDialog } from "./AcceptDialog";
import { changeTemplate, useChanged } from "./calls";
import { DeleteDialog } from "./DeleteDialog";
import { DeleteFolderDialog } from "./DeleteFolderDialog";
import { FolderDialog } from "./FolderDialog";
import { AboutFields, aboutOf, asChange } from "./fields";
import { ImportDialog } from "./ImportDialog";
import { InstallDialog } from "./InstallDialog";
import { NewDialog } from "./NewDialog";

/** What was asked for in the library, and with what. */
export type Open =
  | { what: "new" | "import" | "accept" | "newFolder" }
  | { what: "changeFolder" | "deleteFolder"; folder: Folder }
  | { what: "change" | "delete" | "install"; template: Template };

interface Props {
  open: Open;
  /** Where one is, and what is new goes. */
  folder: Folder | undefined;
  onClose(): void;
}

export function LibraryDialog({ open, folder, onClose }: Props) {
  switch (open.what) {
    case "new":
      return <NewDialog folder={folder?.Id} onClose={onClose} />;
    case "import":
      return <ImportDialog folder={folder?.Id} onClose={onClose} />;
    case "accept":
      return <AcceptDialog folder={folder?.Id} onClose={onClose} />;
    case "newFolder":
      return <FolderDialog above={folder?.Id} onClose={onClose} />;
    case "changeFolder":
      return <FolderDialog folder={open.folder} onClose={onClose} />;
    case "deleteFolder":
      return <DeleteFolderDialog folder={open.folder} onClose={onClose} />;
    case "change":
      return <ChangeDialog template={open.template} onClose={onClose} />;
    case "delete":
      return <DeleteDialog template={open.template} onClose={onClose} />;
    case "install":
      return <InstallDialog template={open.template} onClose={onClose} />;
  }
}

/** Renames, describes, tags and moves a template. */
function ChangeDialog({ template, onClose }: { template: Template; onClose(): void }) {
  const { t } = useTranslation();
  const changed = useChanged();
  return (
    <FormDialog
      title={template.Name}
      act={t("form.save")}
      values={aboutOf(template)}
      save={(about) => changeTemplate(template.Id, asChange(about))}
      onDone={async () => {
        await changed();
        say(t("form.saved"));
        onClose();
      }}
      onClose={onClose}
    >
      <AboutFields />
    </FormDialog>
  );
}
