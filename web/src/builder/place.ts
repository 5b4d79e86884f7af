/** A list that drops down where it belongs in the page, and is not cut off by the panel that it is in. */
export const inPlace = { withinPortal: false, floatingStrategy: "fixed" } as const;
