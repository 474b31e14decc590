interface Part {
  readonly filename: string | undefined;
  readonly bytes: Buffer;
}

/** The parts of a `multipart/form-data` body by their names. */
export function readMultipart(contentType: string, body: Buffer): ReadonlyMap<string, Part> {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`no multipart form: ${contentType}`);
  const parts = new Map<string, Part>();
  const line = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(line); at >= 0; ) {
    const next = body.indexOf(line, at + line.length);
    if (next < 0) return parts;
    const headEnd = body.indexOf('\r\n\r\n', at);
    const head = body.subarray(at, headEnd).toString();
    const name = / name="([^"]*)"/.exec(head)?.[1] ?? '';
    parts.set(name, { filename: /filename="([^"]*)"/.exec(head)?.[1], bytes: body.subarray(headEnd + 4, next - 2) });
    at = next;
  }
  throw new Error('the form has no end');
}
