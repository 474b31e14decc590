const lineCount = 8;

/** The end of what a command printed, where it usually says what was wrong. */
export const lastLines = (printed: string): string =>
  printed
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-lineCount)
    .join('\n');
