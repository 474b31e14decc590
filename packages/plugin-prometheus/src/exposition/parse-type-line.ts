import { metricName } from '../text/names.ts';
import { Scanner } from '../text/scanner.ts';
import { familyTypes, type FamilyType } from './exposition.ts';

/**
 * Reads `# TYPE family type`; undefined for any other comment: `HELP` and `UNIT` decide nothing here.
 * @throws {ParseError}
 */
export function parseTypeLine(line: string): { family: string; type: FamilyType } | undefined {
  const scanner = new Scanner(line);
  if (scanner.take(/[ \t]*#[ \t]*TYPE[ \t]+/y) === undefined) return undefined;
  const family = scanner.require(metricName, 'a metric name');
  scanner.require(/[ \t]+/y, 'a type');
  const word = scanner.require(/[^ \t]+/y, 'a type');
  scanner.take(/[ \t]+/y);
  scanner.requireEnd('the end of the line');
  const type = familyTypes.find((known) => known === word);
  return type ? { family, type } : scanner.fail(`\`${word}\` is no metric type`);
}
