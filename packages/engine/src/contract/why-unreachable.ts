/** Why a `fetch` failed, in words that complete "Could not read URL: …": its own message says nothing, its causes do. */
export function whyUnreachable(error: unknown): string {
  const causes = causesOf(error);
  const known = causes.map(({ code }) => reasons[code ?? '']).find((reason) => reason !== undefined);
  return known ?? causes.at(-1)?.message ?? String(error);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name could not be looked up',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

interface Cause {
  readonly code?: string;
  readonly message: string;
}

function causesOf(error: unknown): readonly Cause[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return [{ ...code, message: error.message }, ...causesOf(inner)];
}
