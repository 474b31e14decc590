import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError, type ExecOptions, type ReadContext } from 'relpipe/plugin';
import { commandFailed, logLines } from '../docker/command.ts';
import { shortKey } from '../docker/containers.ts';
import { docker } from '../docker/docker.ts';
import { inspectImage } from '../docker/inspect-image.ts';
import { parseReference, printReference } from '../image/reference.ts';
import type { BuildConfig, Built } from './build.ts';
import { intoLayout } from './into-layout.ts';

/** A build to run; its folders are absolute. */
interface BuildOrder {
  readonly config: BuildConfig;
  readonly folder: string;
  readonly file: string;
  readonly context: ReadContext;
  /** Holds the values of build arguments and the login. */
  readonly env: NonNullable<ExecOptions['env']>;
}

export interface Builder {
  /** A command that succeeds where this builder can be used. */
  readonly presence: readonly string[];
  /** @throws {StepError} */
  build(order: BuildOrder): Promise<Built>;
}

export const builders = {
  docker: { presence: ['docker', '--version'], build: buildWithDocker },
  buildx: { presence: ['docker', 'buildx', 'version'], build: buildWithBuildx },
  buildah: { presence: ['buildah', '--version'], build: buildWithBuildah },
} as const satisfies Readonly<Record<string, Builder>>;
export type BuilderName = keyof typeof builders;

/** By the engine, into the engine. */
async function buildWithDocker(order: BuildOrder): Promise<Built> {
  const { config, folder, context, env } = order;
  const cli = { context, engine: config.engine, env };
  const image = printReference(parseReference(config.tag));
  const notes = await mkdtemp(join(tmpdir(), 'relpipe-build-'));
  try {
    const idFile = join(notes, 'id');
    const platform = config.platforms?.flatMap((one) => ['--platform', one]) ?? [];
    logLines(await docker(['build', ...commonFlags(order), ...platform, '--tag', image, '--iidfile', idFile, folder], cli), context);
    // By its ID: if the tag is given to another image at this moment, the result is still what was built.
    const id = (await readFile(idFile, 'utf8')).trim();
    const found = await inspectImage(id, cli);
    if (!found) throw imageGone(id);
    return { source: `docker-daemon:${id}`, image: config.tag, digest: id, platforms: [found.platform], labels: { ...found.labels } };
  } finally {
    await rm(notes, { recursive: true, force: true });
  }
}

/**
 * By BuildKit, written as a layout: https://docs.docker.com/build/exporters/oci-docker/. Its builder has to support that exporter, as
 * one in a container does.
 */
async function buildWithBuildx(order: BuildOrder): Promise<Built> {
  const { config, folder, context, env } = order;
  const cli = { context, engine: config.engine, env };
  return intoLayout(config, context, async (layout) => {
    const output = ['--output', `type=oci,tar=false,dest=${layout}`];
    const flags = ['--progress', 'plain', ...commonFlags(order), ...platformFlag(order), ...output];
    logLines(await docker(['buildx', 'build', ...flags, folder], cli), context);
  });
}

/** By buildah, without an engine: https://github.com/containers/buildah/blob/main/docs/buildah-build.1.md. */
async function buildWithBuildah(order: BuildOrder): Promise<Built> {
  const { config, folder, context, env } = order;
  if (config.engine !== undefined) throw engineUnused();
  const buildah = async (...args: readonly string[]): Promise<void> => {
    const result = await context.exec(['buildah', ...args], { env });
    logLines(result.code === 0 ? result.stdout : `${result.stdout}\n${result.stderr}`, context);
    if (result.code !== 0) throw commandFailed(['buildah', ...args], result);
  };
  // A build adds its images to the list; one left by an earlier attempt would contain them twice.
  const list = `localhost/relpipe-${shortKey(`${folder} ${config.tag}`)}`;
  const removeList = () => context.exec(['buildah', 'manifest', 'rm', list], { env });
  await removeList();
  // Without its cache (`--layers`): with it, buildah 1.28 uses layers of one platform for another.
  await buildah('build', ...commonFlags(order), ...platformFlag(order), '--manifest', list, folder);
  try {
    return await intoLayout(config, context, (layout) => buildah('manifest', 'push', '--quiet', '--all', list, `oci:${layout}`));
  } finally {
    await removeList();
  }
}

/** The flags that all builders share. The values of build arguments are in the environment. */
const commonFlags = ({ config, file }: BuildOrder): readonly string[] => [
  '--file',
  file,
  ...(config.target === undefined ? [] : ['--target', config.target]),
  ...Object.keys(config.args ?? {}).flatMap((name) => ['--build-arg', name]),
  ...Object.entries(config.labels ?? {}).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
];

const platformFlag = ({ config }: BuildOrder): readonly string[] => (config.platforms ? ['--platform', config.platforms.join(',')] : []);

const imageGone = (id: string) =>
  new StepError('DOCKER_IMAGE_MISSING', `${id} was built, but the engine no longer has it.`, {
    hint: 'Find out whether something prunes images during the build.',
    retryable: true,
  });

const engineUnused = () =>
  new StepError('DOCKER_BUILDER_UNSUITABLE', '`builder: buildah` builds without an engine.', {
    hint: 'Remove `engine`, or use another `builder`.',
  });
