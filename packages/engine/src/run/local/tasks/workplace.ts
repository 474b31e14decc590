import type { TSchema } from 'typebox';
import { secretNamesIn } from '../../../expressions/value.ts';
import type { Plan, StepKey } from '../../../plan/plan.ts';
import { type PlannedSecrets, variableOf } from '../../../plan/secrets.ts';
import type { PluginRegistry } from '../../../plugins/registry.ts';
import type { Codec, SecretTexts } from '../../../schema/decode.ts';
import type { ResolvedValue } from '../../core/operation.ts';
import type { LiveEvent } from '../../live-event.ts';
import type { TaskSink } from '../../task-carrier.ts';
import type { Clock } from '../clock.ts';
import { createMask, type Mask } from '../masking/mask-secrets.ts';
import { ProcessRegistry } from '../process/process-registry.ts';
import { runFolder, type RunFolder } from '../run-folder.ts';
import { workdirOf } from './workdir-of.ts';

/** What a process brings along to execute tasks of a run. */
export interface WorkplaceOptions {
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  readonly codec: Codec;
  /** Values of the secrets that this process has: at least those of the operations that it will execute. All of them are masked. */
  readonly secrets: SecretTexts;
  /** Folder of the plan's own pipeline file. */
  readonly workdir: string;
  /** The files of runs are in `runs/ID` of it. */
  readonly relpipeFolder: string;
  readonly clock: Clock;
  readonly onLive: (event: LiveEvent) => void;
}

/** What tasks and watches of one run need where they are executed. */
export interface Workplace extends Omit<WorkplaceOptions, 'plan' | 'relpipeFolder'> {
  readonly mask: Mask;
  /** What commands start from: this process's own, without the secrets of the plan. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: RunFolder;
  readonly processes: ProcessRegistry;
  /** Where the commands of a step or a gate start: in the folder of its pipeline file. */
  readonly workdirOf: (key: string) => string;
  /** The globs of the files that a step leaves for the run. */
  readonly artifactsOf: (step: StepKey) => readonly string[];
  /** Whether the step has a `rollback:` in the file: only then what its command saves is read. */
  readonly hasRollbackSteps: (step: StepKey) => boolean;
}

/** What an attempt works with. */
export interface TaskDeps extends Workplace, Pick<TaskSink, 'saveState'> {}

/** Throws `REL_SECRET_TOO_SHORT`. To be closed by closing its process registry. */
export function openWorkplace({ plan, relpipeFolder, ...options }: WorkplaceOptions): Workplace {
  const folder = runFolder(relpipeFolder, options.run);
  const rolledBackBySteps = new Set(plan.steps.filter(({ rollback }) => typeof rollback === 'object').map(({ key }) => key));
  const artifacts = new Map(plan.steps.flatMap((step) => (step.artifacts ? [[step.key, step.artifacts]] : [])));
  return {
    ...options,
    mask: createMask(options.secrets),
    environment: environmentWithout(plan),
    folder,
    processes: new ProcessRegistry(folder.processes),
    workdirOf: (key) => workdirOf(plan, options.workdir, key),
    artifactsOf: (step) => artifacts.get(step) ?? [],
    hasRollbackSteps: (step) => rolledBackBySteps.has(step),
  };
}

/** A configuration as a plugin sees it; of the secrets it gets those that it names, and no others. */
export const decodeConfig = ({ codec, secrets }: Pick<Workplace, 'codec' | 'secrets'>, schema: TSchema, config: ResolvedValue): unknown =>
  codec.decode(schema, config, only(secretNamesIn(config), secrets));

const only = (names: readonly string[], secrets: SecretTexts): SecretTexts =>
  Object.fromEntries(names.flatMap((name) => (Object.hasOwn(secrets, name) ? [[name, secrets[name] ?? '']] : [])));

/** This process's own environment without the run's secrets, which reach a command only where the file hands them over. */
export function environmentWithout(plan: PlannedSecrets): Readonly<Record<string, string>> {
  const secrets = plan.secrets.flatMap((name) => [name, variableOf(plan, name)]);
  const kept = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !secrets.includes(entry[0]));
  return Object.fromEntries(kept);
}
