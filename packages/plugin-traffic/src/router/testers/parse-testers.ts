import type { Testers } from '../../router-kinds/router.ts';
import { isRecord } from '../is-record.ts';
import { tokenPattern } from '../http1/read-fields.ts';
import { RouterError } from '../router-error.ts';

/** @returns undefined for null: nobody  @throws RouterError TRAFFIC_ROUTER_TESTERS_INVALID */
export function parseTesters(given: unknown, sides: readonly string[]): Testers | undefined {
  if (given === null) return undefined;
  const { side, by, name, value } = isRecord(given) ? given : {};
  if (typeof side !== 'string' || !sides.includes(side)) throw invalid(`there is no side ${JSON.stringify(side)}`);
  if (by !== 'header' && by !== 'cookie') throw invalid('they are known by neither "header" nor "cookie"');
  if (typeof name !== 'string' || !token.test(name)) throw invalid(`${JSON.stringify(name)} is no name of a ${by}`);
  if (value === undefined) return { side, by, name };
  if (typeof value !== 'string' || !visible.test(value)) throw invalid(`${JSON.stringify(value)} is no value of a ${by}`);
  return { side, by, name, value };
}

const token = new RegExp(`^${tokenPattern}$`);
const visible = /^[\x21-\x3a\x3c-\x7e](?:[\x20-\x3a\x3c-\x7e]*[\x21-\x3a\x3c-\x7e])?$/;

const invalid = (finding: string) =>
  new RouterError('TRAFFIC_ROUTER_TESTERS_INVALID', `The testers cannot be told: ${finding}.`, 'Send {"testers":{"side":"candidate","by":"header","name":"x-tester"}}.');
