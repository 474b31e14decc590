import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunContext, RollbackContext } from 'relpipe/plugin';
import { onTestFinished, vi } from 'vitest';
import { givenServer } from './real-servers.ts';
import { runCommand } from './run-command.ts';
import { writeImageSource } from './samples/image.ts';
import { scratchFolder } from './scratch-folder.ts';
import { execReally, realClock, virtualContext, type VirtualContext } from './step-context.ts';

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
    writeImage: (...more) => writeImageSource(folder, ...more),
  };
}

interface Image extends RealDocker {
  readonly image: string;
  /** IDs of the containers of the image. */
  containers(): Promise<string>;
}

/** An image of busybox with these lines in its Dockerfile; when the test ends, it is removed with the containers of it. */
export async function imageWith(...lines: readonly string[]): Promise<Image> {
  const given = realDocker();
  const image = `t-${given.id}:1`;
  // An image of its own: of equal ones the engine makes one, and finds the containers of all tests by it.
  given.writeImage(`LABEL test=${given.id}`, ...lines);
  await given.docker('build', '--quiet', '--tag', image, '.');
  const containers = (): Promise<string> => given.docker('ps', '--all', '--quiet', '--no-trunc', '--filter', `ancestor=${image}`);
  onTestFinished(async () => {
    const left = await containers();
    if (left !== '') await given.docker('rm', '--force', ...left.split('\n'));
    await given.docker('image', 'rm', '--force', image);
  });
  return { ...given, image, containers };
}
