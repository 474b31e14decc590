import { Type } from 'relpipe/plugin';
import { digestPattern } from '../schemas.ts';

/** The parts of an image name as the docker CLI accepts it. */
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
const domain = '(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:[0-9])|\\[[0-9a-f:]+\\])(?::[0-9]+)?';
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const name = `(?:https?://)?(?:${domain}/)?${component}(?:/${component})*`;

/** An image, e.g. `ghcr.io/acme/engine:1.4.0` or `acme/engine@sha256:…`, named as in the OCI distribution specification. */
export const imageReference = (description: string) =>
  Type.String({ pattern: `^${name}(?::${tag})?(?:@${digestPattern})?$`, description });

/** An image with a tag. */
export const taggedReference = (description: string) => Type.String({ pattern: `^${name}:${tag}$`, description });

/**
 * Parses a reference as the docker CLI does (https://github.com/distribution/reference): the part before the first slash is a host when
 * it contains a dot or a port, or is `localhost`. A leading `http://` or `https://` selects the protocol of the registry; the default is
 * http on the loopback, else https.
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

/** The digest or tag that a registry is asked for: the digest where there is one, because a tag beside it is only a note. */
export const wantedOf = ({ tag, digest }: ImageReference): string => digest ?? tag ?? 'latest';

/** As people and the docker CLI write it: without a scheme. */
export const printReference = ({ host, repository, tag, digest }: ImageReference): string =>
  `${host}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;

/** The image of a repository by its digest, without a tag. */
export const printDigest = (reference: ImageReference, digest: string): string => printReference({ ...reference, tag: undefined, digest });

function registryOf(host: string, scheme: string | undefined): string {
  if (host === 'docker.io') return 'https://registry-1.docker.io';
  return `${scheme ?? (isLoopback(host) ? 'http' : 'https')}://${host}`;
}

/** The docker CLI, too, uses http for registries on this machine. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
