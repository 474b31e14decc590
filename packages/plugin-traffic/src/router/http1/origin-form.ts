import { Refusal } from './refusal.ts';

/**
 * The request target in the form an origin server gets (RFC 9112 section 3.2). A whole URL is accepted when it names the
 * same host as the host field, so that nobody downstream has to choose between the two.
 * @throws Refusal 400 for an unclear target, 501 for CONNECT
 */
export function originForm(method: string, target: string, host: string | undefined): string {
  if (method === 'CONNECT') throw new Refusal(501, 'CONNECT is not supported: this is a reverse proxy.');
  if (target.startsWith('/')) return target;
  if (target === '*' && method === 'OPTIONS') return target;
  const [, authority, path = ''] = /^http:\/\/([^/?]+)(.*)$/i.exec(target) ?? [];
  if (authority === undefined) throw new Refusal(400, `The request target ${JSON.stringify(target.slice(0, 80))} is malformed.`);
  if (authority.toLowerCase() !== host?.toLowerCase()) throw new Refusal(400, 'The host field and the request target name different hosts.');
  return path.startsWith('/') ? path : `/${path}`;
}
