/** Texts as a field of several lines has them. */
export const toLines = (all: string[]): string => all.join("\n");

/** What somebody wrote, each on a line of its own or with commas between. */
export const fromLines = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);
