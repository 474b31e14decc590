import type { FoundRouter } from '../router/find-router.ts';
import type { Address } from '../router/settings/router-settings.ts';
import type { AskedRouter } from './asked-router.ts';

/** In what the router that lives is another one than the one asked for: where it listens, and its sides. */
export function differences({ settings }: AskedRouter, { status }: FoundRouter): readonly string[] {
  const { host, port } = settings.listen;
  const asked = new Map([...settings.sides].map(([name, { url }]) => [name, url]));
  const present = new Map(Object.entries(status.sides).map(([name, { url }]) => [name, url]));
  const names = new Set([...asked.keys(), ...present.keys()]);
  return [
    ...(isAt(settings.listen, status.listen) ? [] : [`it listens on ${status.listen}, not on ${host}:${port}`]),
    ...[...names].flatMap((name) => compareSide(name, asked.get(name), present.get(name))),
  ];
}

function compareSide(name: string, asked: string | undefined, present: string | undefined): readonly string[] {
  if (asked === present) return [];
  if (present === undefined) return [`it has no side ${name}`];
  return [asked === undefined ? `it has a side ${name} (${present})` : `its side ${name} is ${present}, not ${asked}`];
}

/** Port 0 asks for any. */
function isAt({ host, port }: Address, listen: string): boolean {
  const [asked, present] = [new URL(`http://${host.includes(':') ? `[${host}]` : host}:${port}`), new URL(listen)];
  return asked.hostname === present.hostname && (port === 0 || asked.port === present.port);
}
