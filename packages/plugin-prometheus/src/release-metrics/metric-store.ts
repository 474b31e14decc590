import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { labelsOf, pushedGroups, PushgatewayGroup } from '../push/pushgateway.ts';
import { Textfile } from '../push/textfile.ts';
import type { ReleaseMetricsConfig } from './release-metrics.ts';

/** Holds the metrics of a pipeline's runs, each run on its own. */
interface MetricStore {
  /** The ids of the runs in it. */
  runs(): Promise<readonly string[]>;
  put(run: string, text: string): Promise<void>;
  remove(run: string): Promise<void>;
}

/** @throws {StepError} `PROMETHEUS_DESTINATION_AMBIGUOUS` */
export function openMetricStore(config: ReleaseMetricsConfig, pipeline: string, context: ReadContext): MetricStore {
  const { pushgateway, folder, job = 'relpipe' } = config;
  if (pushgateway !== undefined && folder === undefined) return groupStore(pushgateway, { job, pipeline }, config, context);
  if (folder !== undefined && pushgateway === undefined) return fileStore(resolve(context.workdir, folder), pipeline);
  throw new StepError('PROMETHEUS_DESTINATION_AMBIGUOUS', 'Set either `pushgateway` or `folder`.', {
    hint: 'For example: `pushgateway: http://pushgateway:9091`.',
  });
}

interface SharedLabels {
  readonly job: string;
  readonly pipeline: string;
}

/** A group of a Pushgateway for each run. */
function groupStore(pushgateway: string, shared: SharedLabels, config: ReleaseMetricsConfig, context: ReadContext): MetricStore {
  const group = (run: string): PushgatewayGroup => new PushgatewayGroup({ pushgateway, labels: { ...shared, run } }, config, context);
  return {
    put: (run, text) => group(run).write(text),
    remove: (run) => group(run).remove(),
    async runs() {
      const all = (await pushedGroups(pushgateway, config, context)).map(labelsOf);
      const own = all.filter(({ job, pipeline }) => job === shared.job && pipeline === shared.pipeline);
      return own.flatMap(({ run }) => run ?? []);
    },
  };
}

/** A textfile for each run. */
function fileStore(folder: string, pipeline: string): MetricStore {
  // The name of a pipeline may contain characters that the name of a file cannot.
  const [prefix, extension] = [`relpipe-${encodeURIComponent(pipeline)}@`, '.prom'];
  const file = (run: string): Textfile => new Textfile(join(folder, `${prefix}${run}${extension}`));
  return {
    async put(run, text) {
      await mkdir(folder, { recursive: true });
      await file(run).write(text);
    },
    remove: (run) => file(run).remove(),
    async runs() {
      const names = await readdir(folder);
      return names.flatMap((name) =>
        name.startsWith(prefix) && name.endsWith(extension) ? [name.slice(prefix.length, -extension.length)] : [],
      );
    },
  };
}
