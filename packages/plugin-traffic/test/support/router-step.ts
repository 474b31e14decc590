import { join } from 'node:path';
import { virtualContext, type VirtualContext } from '@relpipe/testing/step-context';
import { runRouter } from '../../src/steps/router.impl.ts';
import type { RouterConfig, RouterOutputs } from '../../src/steps/router.ts';
import { endAfterwards, temporaryFolder } from './test-router.ts';
import { startServer } from './http-servers.ts';

/** Two servers that say their names, and what a step asks for: a router between them on a free port. */
export interface Asked {
  readonly config: RouterConfig;
  readonly context: VirtualContext;
  readonly stateFile: string;
  /** Runs the step; a router it leaves behind ends with the test. */
  readonly run: (changes?: Partial<RouterConfig>) => Promise<RouterOutputs>;
}

export async function asked(): Promise<Asked> {
  const sides = { candidate: await serverSaying('candidate'), stable: await serverSaying('stable') };
  const config: RouterConfig = { listen: '127.0.0.1:0', sides };
  const context = virtualContext({ workdir: await temporaryFolder() });
  const run: Asked['run'] = async (changes = {}) => {
    const outputs = await runRouter({ ...config, ...changes }, context);
    endAfterwards(outputs.pid);
    return outputs;
  };
  return { config, context, stateFile: join(context.workdir, '.relpipe/router.json'), run };
}

export const serverSaying = async (text: string) => (await startServer((_request, response) => response.end(text))).url;
