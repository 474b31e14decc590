const patienceMs = 5_000;

/** Whether a GET is answered with a 2xx. Throws while nobody listens. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
  await response.arrayBuffer();
  return response.ok;
}
