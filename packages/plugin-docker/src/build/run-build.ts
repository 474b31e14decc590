import { resolve } from 'node:path';
import type { RunContext } from 'relpipe/plugin';
import { openLogin } from '../cli/open-login.ts';
import type { BuildConfig, Built } from './build-config.ts';
import { chooseBuilder } from './choose-builder.ts';

/** Builds the image. A second attempt builds again: what did not change comes from the builder's cache. @throws {StepError} */
export async function runBuild(config: BuildConfig, context: RunContext<unknown>): Promise<Built> {
  const { builder } = await chooseBuilder(config, context);
  await using login = await openLogin(config.logins);
  const folder = resolve(context.workdir, config.context ?? '.');
  const env = { ...config.args, ...login.env };
  const done = await builder.build({ config, folder, file: resolve(folder, config.file ?? 'Dockerfile'), context, env });
  context.log(`${done.digest} for ${done.platforms.join(', ')}`);
  return done;
}
