import { queryOptions } from "@tanstack/react-query";

/** How the partner's console looks; what is empty is as Tandem has it. */
export interface Look {
  ProductName: string;
  AccentColor: string;
  Logo: string;
}

const plain: Look = { ProductName: "", AccentColor: "", Logo: "" };

/** Asked before anybody is signed in, too. A console without it is one all the same. */
export const lookQuery = queryOptions<Look>({ queryKey: ["look"], staleTime: 300_000 });

/** Asks the console how it looks. */
export async function askLook(): Promise<Look> {
  const answer = await fetch("/console/appearance").catch(() => null);
  return answer?.ok ? answer.json() : plain;
}

const accent = /^#[0-9a-f]{6}$/;

/** The variables of base.css that a colour sets. Text in it is darker, or on dark paper lighter. */
export function variables(color: string): Record<string, string> {
  if (!accent.test(color)) return {};
  return {
    "--accent": color,
    "--accent-text": `light-dark(color-mix(in srgb, ${color} 85%, black), color-mix(in srgb, ${color} 45%, white))`,
  };
}

/** Gives all of the console a colour; "": its own. */
export function paint(color: string): void {
  const { style } = document.documentElement;
  for (const name of Object.keys(variables("#000000"))) style.removeProperty(name);
  for (const [name, value] of Object.entries(variables(color))) style.setProperty(name, value);
}
