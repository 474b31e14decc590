import type { Json } from '../../../contract/index.ts';
import type { StepKey } from '../../../plan/plan.ts';
import type { PluginRegistry } from '../../../plugins/registry.ts';
import type { OpKey } from '../../core/operation.ts';
import type { LiveEvent } from '../../live-event.ts';
import type { Clock } from '../clock.ts';
import type { Mask } from '../mask-secrets.ts';
import type { Codec, SecretTexts } from '../../../schema/decode.ts';
import type { ProcessRegistry } from '../process/process-registry.ts';
import type { RunFolder } from './run-folder.ts';

/** What tasks and watches of one run share. */
export interface TaskDeps {
  readonly run: string;
  readonly registry: PluginRegistry;
  readonly codec: Codec;
  readonly secrets: SecretTexts;
  readonly mask: Mask;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  /** What commands start from, without the secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: RunFolder;
  readonly processes: ProcessRegistry;
  readonly clock: Clock;
  readonly onLive: (event: LiveEvent) => void;
  /** Whether the file says how the step is undone: only then somebody reads what its command saves. */
  readonly isUndone: (step: StepKey) => boolean;
  /** Resolves when the state is durable. */
  readonly saveState: (key: OpKey, state: Json) => Promise<void>;
}
