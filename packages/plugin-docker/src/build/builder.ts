import type { ExecOptions, ReadContext } from 'relpipe/plugin';
import type { BuildConfig, Built } from './build-config.ts';

/** A build as it is to be done; its folders are absolute. */
export interface BuildOrder {
  readonly config: BuildConfig;
  readonly folder: string;
  readonly file: string;
  readonly context: ReadContext;
  readonly env: NonNullable<ExecOptions['env']>;
}

export interface Builder {
  /** A command that succeeds where this builder can be used. */
  readonly presence: readonly string[];
  build(order: BuildOrder): Promise<Built>;
}

/** What all builders take on their command line. Values of build arguments are in the environment. */
export const commonFlags = ({ config, file }: BuildOrder): readonly string[] => [
  '--file',
  file,
  ...(config.target === undefined ? [] : ['--target', config.target]),
  ...Object.keys(config.args ?? {}).flatMap((name) => ['--build-arg', name]),
  ...Object.entries(config.labels ?? {}).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
];
