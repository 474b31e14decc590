import type { Matcher, Selector } from './selector.ts';

/** As PromQL writes it, the same text for the same selector. */
export const printSelector = ({ name, matchers }: Selector): string =>
  matchers.length === 0 ? name : `${name}{${matchers.map(printMatcher).join(',')}}`;

export const printMatcher = ({ label, operator, value }: Matcher): string => `${label}${operator}${JSON.stringify(value)}`;
