/** Colours only on a terminal, and never where `NO_COLOR` is set (https://no-color.org) or the terminal is `dumb`. */
export const wantsColor = (
  out: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean => out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
