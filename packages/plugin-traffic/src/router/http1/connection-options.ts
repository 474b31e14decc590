import { listElements } from './read-fields.ts';
import { Refusal } from './refusal.ts';

/** What the `connection` field of one message says (RFC 9110 section 7.6.1). */
export interface ConnectionOptions {
  readonly isClose: boolean;
  readonly isUpgrade: boolean;
  /** Further fields, in lower case, that end at this hop. */
  readonly named: readonly string[];
}

export const defaultConnectionOptions: ConnectionOptions = { isClose: false, isUpgrade: false, named: [] };

/** @throws Refusal 400 when it would strip a field that frames or addresses the message */
export function readConnectionOptions(value: string): ConnectionOptions {
  const options = listElements(value);
  const stolen = options.find((option) => endToEnd.has(option));
  if (stolen !== undefined) throw new Refusal(400, `The connection field names ${stolen}, which is not its to remove.`);
  return {
    isClose: options.includes('close'),
    isUpgrade: options.includes('upgrade'),
    named: options.filter((option) => !knownOptions.has(option)),
  };
}

/** `lines` without the fields that the connection field named. */
export function withoutNamed(lines: string, named: readonly string[]): string {
  if (named.length === 0) return lines;
  return lines.split('\r\n').filter((line) => !named.includes(line.slice(0, line.indexOf(':')).toLowerCase())).join('\r\n');
}

/** Fields that never pass this hop, whether the connection field names them or not. */
export const hopByHopFields: ReadonlySet<string> = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'upgrade', 'http2-settings',
]);

const knownOptions: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade', ...hopByHopFields]);
const endToEnd: ReadonlySet<string> = new Set([
  'host', 'content-length', 'transfer-encoding', 'content-type', 'authorization', 'cookie',
  'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'via',
]);
