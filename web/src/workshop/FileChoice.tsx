import { Button } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { bytes } from "../ui/format";
import classes from "./workshop.module.css";

/** A file of one's own. */
export function FileChoice(props: { accept: string; file?: File; onChoose(file?: File): void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={classes.file}>
      <input
        ref={input}
        type="file"
        hidden
        accept={props.accept}
        aria-label={t("workshop.file")}
        onChange={(e) => props.onChoose(e.currentTarget.files?.[0])}
      />
      <Button
        variant="default"
        leftSection={<FileUp size={15} aria-hidden />}
        aria-describedby="chosen-definition"
        onClick={() => input.current?.click()}
      >
        {t("workshop.chooseFile")}
      </Button>
      <span id="chosen-definition" role="status">
        {props.file ? `${props.file.name}, ${bytes(props.file.size)}` : t("workshop.noFile")}
      </span>
    </div>
  );
}
