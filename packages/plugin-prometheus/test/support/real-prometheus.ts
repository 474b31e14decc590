import { givenServer } from '../../../../test/support/servers.ts';

export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** What the shared Prometheus answers to a query, asked without this plugin. */
export async function ask(query: string): Promise<readonly Found[]> {
  const parameters = new URLSearchParams({ query }).toString();
  const response = await fetch(`${givenServer('prometheus').url}/api/v1/query?${parameters}`);
  return ((await response.json()) as { data: { result: Found[] } }).data.result;
}
