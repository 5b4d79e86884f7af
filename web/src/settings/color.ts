/** The accent that the console has of itself. */
export const ownAccent = "#5753c6";

const pattern = /^#[0-9a-f]{6}$/i;

/** Whether a text is a colour as the server takes it. */
export const isColor = (text: string): boolean => pattern.test(text.trim());

/** The contrast of white text on a colour (WCAG 2.2); 1 is none. */
export function contrast(color: string): number {
  const light = [1, 3, 5].map((i) => {
    const c = Number.parseInt(color.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const [r = 0, g = 0, b = 0] = light;
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

/** Below this, text cannot be read. */
export const readable = 4.5;
