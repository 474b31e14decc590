import { givenServer } from '@relpipe/testing/real-servers';

export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The result of a query to the shared Prometheus, sent without this plugin. */
export async function ask(query: string): Promise<readonly Found[]> {
  const parameters = new URLSearchParams({ query }).toString();
  const response = await fetch(`${givenServer('prometheus').url}/api/v1/query?${parameters}`);
  return ((await response.json()) as { data: { result: Found[] } }).data.result;
}
