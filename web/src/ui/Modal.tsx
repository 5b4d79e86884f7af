import { type ModalProps, Modal as Window } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFocusBack } from "./focus";

/** A window over the page, for as long as it is there. */
export function Modal(props: Omit<ModalProps, "opened">) {
  const { t } = useTranslation();
  useFocusBack();
  return <Window opened closeButtonProps={{ "aria-label": t("action.close") }} {...props} />;
}
