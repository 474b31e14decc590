import type { Selector } from './selector.ts';

/** As PromQL writes it, the same text for the same selector. */
export const printSelector = ({ name, matchers }: Selector): string =>
  matchers.length === 0
    ? name
    : `${name}{${matchers.map(({ label, operator, value }) => `${label}${operator}${JSON.stringify(value)}`).join(',')}}`;
