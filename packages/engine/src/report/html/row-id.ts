/** The anchor of a step's row. Keys are unique, and so are these. */
export const rowId = (key: string): string => `step-${encodeURIComponent(key)}`;
