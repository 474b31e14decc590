import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { realClock } from '../../../../test/support/real-clock.ts';
import { runCommand } from '../../../../test/support/run-command.ts';
import { scratchFolder } from '../../../../test/support/scratch-folder.ts';
import { givenServer, programOf } from '../../../../test/support/servers.ts';
import { virtualContext, type VirtualContext } from '../../../../test/support/virtual-context.ts';
import type { RunContext, RollbackContext } from 'relpipe/plugin';
import { execReally } from './exec-really.ts';

export interface RealDocker {
  /** An empty folder of this test, the pipeline file's. */
  readonly folder: string;
  /** Different in every test: the server is shared. */
  readonly id: string;
  /** `host:port` of the registry. */
  readonly registry: string;
  docker(...args: readonly string[]): Promise<string>;
  context<State, Output>(given?: Partial<RunContext<State> & RollbackContext<State, Output>>): VirtualContext<State, Output>;
  /** Writes a Dockerfile and what it needs; `more` are further lines of it. */
  writeImage(...more: readonly string[]): void;
}

/** The shared engine, as a user with a fresh configuration of the docker CLI sees it; for one test, and real time. */
export function realDocker(): RealDocker {
  const scratch = scratchFolder();
  onTestFinished(() => scratch[Symbol.dispose]());
  const id = randomBytes(5).toString('hex');
  const folder = scratch.path;
  mkdirSync(join(folder, '.docker'));
  writeFileSync(join(folder, '.docker/config.json'), '{}');
  const env = { DOCKER_HOST: givenServer('docker-engine').url, DOCKER_CONFIG: join(folder, '.docker'), DOCKER_BUILDKIT: '0' };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    folder,
    id,
    registry: givenServer('docker-registry').settings['host'] ?? '',
    // Also when the test is over and the environment is what it was.
    docker: (...args) => runCommand('docker', args, { cwd: folder, env }),
    context: (given = {}) => virtualContext({ workdir: folder, exec: execReally(folder), clock: realClock, idempotencyKey: `run-${id}/stage/step/run`, ...given }),
    writeImage(...more) {
      copyFileSync(programOf('busybox'), join(folder, 'busybox'));
      writeFileSync(join(folder, 'Dockerfile'), ['FROM scratch', 'COPY busybox /bin/busybox', ...more, 'ENTRYPOINT ["/bin/busybox"]', ''].join('\n'));
    },
  };
}
