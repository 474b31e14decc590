import { createHmac } from 'node:crypto';

interface Signing {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly secret: string | undefined;
}

/** The headers of Standard Webhooks: an HMAC over the id, the time and the body, so that a receiver can refuse forged and old messages. */
export function signed(body: string, { id, at, secret }: Signing): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return headers;
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}

const prefix = 'whsec_';

/** A secret as the specification writes it is base64 after its prefix; any other is used as it is. */
const keyOf = (secret: string): Buffer => (secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret));
