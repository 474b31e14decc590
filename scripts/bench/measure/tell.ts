/** For people; standard output is for figures alone. */
export const tell = (line: string): void => console.error(line);
