/** Text or bytes read as JSON; undefined when they are not JSON, e.g. the error page of a proxy: the caller knows what to say then. */
export function parseJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
  } catch {
    return undefined;
  }
}
