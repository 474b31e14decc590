/**
 * Puts the window into the query: `[$window]` becomes `[57s]`. Rounded down, because it may not reach back before the last
 * weight change; below a second it is written in milliseconds. `$windowed` and the like are left alone.
 */
export const resolveQuery = (query: string, windowMs: number): string =>
  query.replace(
    /\$(?:window\b|\{window\})/g,
    windowMs >= 1000 ? `${Math.floor(windowMs / 1000)}s` : `${Math.floor(windowMs)}ms`,
  );
