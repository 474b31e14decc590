import type { DemoEnvironment } from './demo-environment.ts';
import type { Program } from './program.ts';

/** One version of the quickstart's service. */
export interface Service {
  readonly version: string;
  readonly url: string;
  readonly program: Program;
}

/** Starts a service and waits until it listens. @param port default: a free one */
export async function startService(environment: DemoEnvironment, version: string, port = '0'): Promise<Service> {
  const args = ['examples/pipelines/quickstart/service.ts', '--version', version, '--port', port];
  const program = environment.start({ name: `service ${version}`, args });
  const [, url = ''] = await program.line(/listens on (http:\S+)/);
  return { version, url, program };
}

/** From now on the service returns errors and answers slowly. */
export async function breakService({ url }: Service): Promise<void> {
  const response = await fetch(`${url}/break`, { method: 'POST' });
  if (!response.ok) throw new Error(`POST ${url}/break answered ${response.status}.`);
}
