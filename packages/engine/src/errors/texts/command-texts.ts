/** Errors about … (filled by who owns it). */
export const commandTexts = {};
