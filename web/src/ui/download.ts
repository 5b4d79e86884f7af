/** Gives a text to whoever looks at the page, as a file. */
export const download = (text: string, name: string, type = "application/json") =>
  save(new Blob([text], { type }), name);

/** The same with what is a file already. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name as one of a file, that every system takes. */
export const fileName = (name: string, ending: string) =>
  `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "file"}.${ending}`;
