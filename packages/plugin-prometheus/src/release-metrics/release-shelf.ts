import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { pushedGroups, PushgatewayGroup } from '../push/pushgateway-group.ts';
import { labelsOf } from '../push/pushed-groups.ts';
import { Textfile } from '../push/textfile.ts';
import type { ReleaseMetricsConfig } from './release-metrics-config.ts';

/** Where the metrics of a pipeline's runs lie, each run for itself. */
export interface ReleaseShelf {
  /** Ids of the runs that are there. */
  runs(): Promise<readonly string[]>;
  put(run: string, text: string): Promise<void>;
  remove(run: string): Promise<void>;
}

/** @throws {StepError} `PROMETHEUS_PLACE_UNCLEAR` */
export function openShelf(config: ReleaseMetricsConfig, pipeline: string, context: ReadContext): ReleaseShelf {
  const { pushgateway, folder, job = 'relpipe' } = config;
  if (pushgateway !== undefined && folder === undefined) return groupsOf(pushgateway, { job, pipeline }, config, context);
  if (folder !== undefined && pushgateway === undefined) return filesIn(resolve(context.workdir, folder), pipeline);
  throw new StepError('PROMETHEUS_PLACE_UNCLEAR', 'It has to be either pushgateway or folder.', {
    hint: 'Write `pushgateway: http://pushgateway:9091`.',
  });
}

interface Shared {
  readonly job: string;
  readonly pipeline: string;
}

function groupsOf(pushgateway: string, shared: Shared, config: ReleaseMetricsConfig, context: ReadContext): ReleaseShelf {
  const group = (run: string): PushgatewayGroup => new PushgatewayGroup({ pushgateway, labels: { ...shared, run } }, config, context);
  return {
    put: (run, text) => group(run).write(text),
    remove: (run) => group(run).remove(),
    async runs() {
      const all = (await pushedGroups(pushgateway, config, context)).map(labelsOf);
      return all.flatMap(({ job, pipeline, run }) => (job === shared.job && pipeline === shared.pipeline && run !== undefined ? [run] : []));
    },
  };
}

function filesIn(folder: string, pipeline: string): ReleaseShelf {
  // Anything may stand in a pipeline's name, but not in that of a file.
  const [begin, end] = [`relpipe-${encodeURIComponent(pipeline)}@`, '.prom'];
  const file = (run: string): Textfile => new Textfile(join(folder, `${begin}${run}${end}`));
  return {
    async put(run, text) {
      await mkdir(folder, { recursive: true });
      await file(run).write(text);
    },
    remove: (run) => file(run).remove(),
    async runs() {
      const names = await readdir(folder);
      return names.flatMap((name) => (name.startsWith(begin) && name.endsWith(end) ? [name.slice(begin.length, -end.length)] : []));
    },
  };
}
