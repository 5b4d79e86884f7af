import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { PaletteProps } from "../command/CommandButton";
import { Palette } from "../command/Palette";
import { indexOf } from "./find";
import { ownQuery } from "./session";

/** Finds what the account has. */
export function OwnPalette(props: PaletteProps) {
  const { Account } = useSuspenseQuery(ownQuery).data;
  const index = useMemo(() => indexOf(Account.Id), [Account.Id]);
  return <Palette index={index} {...props} />;
}
