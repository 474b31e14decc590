/** Text read as JSON; undefined where it is none, e.g. a proxy's page: who wanted JSON says what came instead. */
export function parseJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
  } catch {
    return undefined;
  }
}
