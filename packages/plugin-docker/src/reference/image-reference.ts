import { Type } from 'relpipe/plugin';

/** An image as the docker CLI names it, taken apart. */
export interface ImageReference {
  /** `host[:port]`; `docker.io` where none is written. */
  readonly host: string;
  /** Without the host, e.g. `acme/engine`; `library/redis` for `redis`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** Base URL of the registry's API. */
  readonly registry: string;
}

const tag = '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}';
const digest = '(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})';
const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const name = `(?:https?://)?(?:(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:[0-9])|\\[[0-9a-f:]+\\])(?::[0-9]+)?/)?${part}(?:/${part})*`;

/** An image, e.g. `ghcr.io/acme/engine:1.4.0` or `acme/engine@sha256:…`. Names as the OCI distribution specification has them. */
export const imageReference = (description: string) =>
  Type.String({ pattern: `^${name}(?::${tag})?(?:@${digest})?$`, description });

/** An image of which the tag is written. */
export const taggedReference = (description: string) => Type.String({ pattern: `^${name}:${tag}$`, description });

/**
 * Takes a reference apart as the docker CLI does (https://github.com/distribution/reference): what is before the first slash is a host when
 * it has a dot or a port, or is `localhost`. `http://` or `https://` in front says how the registry is asked; else https, and http on the loopback.
 */
export function parseReference(text: string): ImageReference {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*)$/.exec(text) ?? [];
  const [named = '', digest] = rest.split('@');
  const [, path = named, tag] = /^(.*):([^/:]+)$/.exec(named) ?? [];
  const [, first, below] = /^([^/]+)\/(.+)$/.exec(path) ?? [];
  const isHosted = first !== undefined && (scheme !== undefined || /[.:]/.test(first) || first === 'localhost');
  const host = isHosted ? first : 'docker.io';
  const repository = isHosted && below !== undefined ? below : path.includes('/') ? path : `library/${path}`;
  return { host, repository, tag, digest, registry: registryOf(host, scheme) };
}

/** What a registry is asked for: the digest where there is one, because a tag beside it is only a note. */
export const wantedOf = ({ tag, digest }: ImageReference): string => digest ?? tag ?? 'latest';

/** As people and the docker CLI write it: without a scheme. */
export const printReference = ({ host, repository, tag, digest }: ImageReference): string =>
  `${host}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;

function registryOf(host: string, scheme: string | undefined): string {
  if (host === 'docker.io') return 'https://registry-1.docker.io';
  return `${scheme ?? (isLoopback(host) ? 'http' : 'https')}://${host}`;
}

/** Docker, too, speaks http to registries on this machine. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
