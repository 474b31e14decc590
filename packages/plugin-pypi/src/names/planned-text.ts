import { isLater, type Finding, type Preview } from 'relpipe/plugin';

/** A value of a plan in words; one that is only known later is named by where it will come from. */
export const plannedText = (value: unknown): string => (isLater(value) ? `(${value.$later})` : String(value));

/** Which fields of a plan are only known when the run gets there. */
export function unknownUntilRun(config: object): Pick<Preview, 'unknownUntilRun'> {
  const unknown = Object.entries(config).flatMap(([name, value]) => (isLater(value) ? [name] : []));
  return unknown.length > 0 ? { unknownUntilRun: unknown } : {};
}

export const notSettled = (what: string): Finding => ({
  level: 'warning',
  code: 'PYPI_NOT_CHECKED',
  message: `${what} is only known when the run gets here.`,
});
