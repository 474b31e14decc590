import type { RunContext } from 'relpipe/plugin';
import { openLogin } from '../cli/open-login.ts';
import type { ComposeConfig, Composed, ComposeState } from './compose-config.ts';
import { openCompose } from './open-compose.ts';
import { imagesOf } from './services-of.ts';
import { untilHealthy } from './until-healthy.ts';
import { wantedServices } from './wanted-services.ts';

/** Brings the project up and waits until it is healthy. Which images ran before is saved first. */
export async function runCompose(config: ComposeConfig, context: RunContext<ComposeState>): Promise<Composed> {
  await using login = await openLogin(config.logins);
  const compose = await openCompose(config, context, login.env);
  const wanted = await wantedServices(config, compose);
  // A second attempt must not take what the first one started for the former state.
  const state = context.saved ?? { former: imagesOf(await compose.containers()) };
  await context.saveState(state);
  const named = config.services ?? [];
  if (config.pull === true) await compose.run(['pull', '--quiet', ...named]);
  await compose.run(['up', '--detach', ...named]);
  const containers = await untilHealthy(config, wanted, compose);
  return { images: imagesOf(containers), former: state.former };
}
