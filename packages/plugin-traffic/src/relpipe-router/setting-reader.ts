import { isIP } from 'node:net';
import type { Origin } from './data-path/upstream.ts';

/** An IP address or `localhost`, and a port; 0 takes a free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Reads raw values by name and collects every finding, so that all of them are reported at once. */
export class SettingReader {
  readonly findings: string[] = [];
  readonly #raw: Readonly<Record<string, unknown>>;

  constructor(raw: Readonly<Record<string, unknown>>, known: readonly string[]) {
    this.#raw = raw;
    const foreign = Object.keys(raw).filter((name) => !known.includes(name));
    this.findings.push(...foreign.map((name) => `"${name}" is not a setting`));
  }

  value(name: string): unknown {
    return this.#raw[name];
  }

  text(name: string): string | undefined {
    const value = this.#raw[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    this.findings.push(`"${name}" must be a string`);
    return undefined;
  }

  isSet(name: string): boolean {
    const value = this.#raw[name] ?? false;
    if (typeof value !== 'boolean') this.findings.push(`"${name}" must be true or false`);
    return value === true;
  }

  durationMs(name: string, otherwise: number): number {
    const text = this.text(name);
    const ms = text === undefined ? otherwise : parseDuration(text);
    if (ms === undefined || ms <= 0) this.findings.push(`"${name}" must be a duration with its unit, e.g. 250ms, 2s or 1m; found ${text}`);
    return ms ?? otherwise;
  }

  count(name: string, otherwise: number): number {
    const count = Number(this.#raw[name] ?? otherwise);
    if (Number.isInteger(count) && count > 0) return count;
    this.findings.push(`"${name}" must be an integer above 0`);
    return otherwise;
  }

  address(name: string): Address {
    const text = this.text(name) ?? '127.0.0.1:0';
    const [, host = '', port = ''] = /^(.+):([0-9]{1,5})$/.exec(text) ?? [];
    const address = { host: host === 'localhost' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
    if (isIP(address.host) !== 0 && address.port <= 65_535) return address;
    this.findings.push(`"${name}" must be an IP address and a port, e.g. 127.0.0.1:8080; found ${text}`);
    return address;
  }

  sides(name: string): ReadonlyMap<string, Origin> {
    const value = this.#raw[name] ?? {};
    const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
    if (entries.length === 0) this.findings.push('there is no side; specify at least one, e.g. --side stable=http://127.0.0.1:9001');
    const sides = entries.flatMap(([side, url]): [string, Origin][] => {
      const origin = this.#origin(side, url);
      return origin === undefined ? [] : [[side, origin]];
    });
    return new Map(sides);
  }

  #origin(side: string, url: unknown): Origin | undefined {
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(side))
      this.findings.push(`the side name "${side}" must consist of lowercase letters, digits and hyphens`);
    const parsed = typeof url === 'string' ? URL.parse(url) : null;
    if (parsed?.protocol === 'http:' && parsed.host !== '' && isBare(parsed)) {
      return { url: parsed.origin, host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(parsed.port === '' ? 80 : parsed.port) };
    }
    this.findings.push(`side "${side}" must be http://HOST:PORT without path or credentials; found ${JSON.stringify(url)}`);
    return undefined;
  }
}

const isBare = ({ pathname, search, hash, username, password }: URL) => pathname === '/' && `${search}${hash}${username}${password}` === '';

/** `250ms`, `2s`, `1.5m` or `1h` in milliseconds; undefined for anything else, also for a number without unit. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : msPer.get(unit);
  return factor === undefined ? undefined : Number(amount) * factor;
}

const msPer: ReadonlyMap<string, number> = new Map([['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000]]);
