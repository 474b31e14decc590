import type { ComposeConfig } from './compose-config.ts';
import type { Compose } from './open-compose.ts';

/** Names of the services that are to be up; what they depend on is compose's business. @throws {StepError} when the file is wrong */
export const wantedServices = async ({ services }: ComposeConfig, compose: Compose): Promise<readonly string[]> => services ?? knownServices(compose);

/** All services of the compose file. @throws {StepError} when it is wrong */
export async function knownServices(compose: Compose): Promise<readonly string[]> {
  const listed = await compose.run(['config', '--services']);
  return listed.split('\n').filter((name) => name !== '');
}
