/** All the time that running steps have after the first signal. */
const stopWithinMs = 4_000;

/** Resolves when everything has stopped, or the time is over. */
export async function stopsWithin(stopping: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, stopWithinMs)));
  await Promise.race([stopping, over]);
  clearTimeout(timer);
}
