import { join } from 'node:path';
import { virtualContext, type VirtualContext } from '../../../../test/support/virtual-context.ts';
import type { EnsureConfig, EnsureOutputs } from '../../src/ensure-router/ensure-config.ts';
import { runEnsure } from '../../src/ensure-router/run-ensure.ts';
import { endAfterwards } from '../router/support/end-afterwards.ts';
import { startServer } from '../router/support/start-server.ts';
import { temporaryFolder } from '../router/support/start-test-router.ts';

/** Two servers that say their names, and what a step asks for: a router between them on a free port. */
export interface Asked {
  readonly config: EnsureConfig;
  readonly context: VirtualContext;
  readonly stateFile: string;
  /** Runs the step; a router it leaves behind ends with the test. */
  readonly run: (changes?: Partial<EnsureConfig>) => Promise<EnsureOutputs>;
}

export async function asked(): Promise<Asked> {
  const sides = { candidate: await serverSaying('candidate'), stable: await serverSaying('stable') };
  const config: EnsureConfig = { listen: '127.0.0.1:0', sides };
  const context = virtualContext({ workdir: await temporaryFolder() });
  const run: Asked['run'] = async (changes = {}) => {
    const outputs = await runEnsure({ ...config, ...changes }, context);
    endAfterwards(outputs.pid);
    return outputs;
  };
  return { config, context, stateFile: join(context.workdir, '.relpipe/router.json'), run };
}

export const serverSaying = async (text: string) => (await startServer((_request, response) => response.end(text))).url;
