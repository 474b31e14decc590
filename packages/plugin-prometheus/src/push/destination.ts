import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import type { PushConfig } from './push.ts';
import { PushgatewayGroup } from './pushgateway.ts';
import { Textfile } from './textfile.ts';

/** A set of metrics that is read and replaced as a whole. */
interface Destination {
  /** For people: the URL of the group, or the path of the file. */
  readonly name: string;
  /** As text, the same for the same metrics; undefined when there are none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** Does nothing when there are no metrics. */
  remove(): Promise<void>;
}

/** @throws {StepError} `PROMETHEUS_DESTINATION_AMBIGUOUS`, `PROMETHEUS_URL_INVALID` */
export function openDestination(config: Omit<PushConfig, 'metrics'>, context: ReadContext): Destination {
  const { pushgateway, job, grouping, textfile } = config;
  if (textfile !== undefined && pushgateway === undefined) return new Textfile(resolve(context.workdir, textfile));
  if (pushgateway !== undefined && job !== undefined && textfile === undefined) {
    return new PushgatewayGroup({ pushgateway, labels: { job, ...grouping } }, config, context);
  }
  throw new StepError('PROMETHEUS_DESTINATION_AMBIGUOUS', 'Set either `pushgateway` and `job`, or `textfile`.', {
    hint: 'For example: `pushgateway: http://pushgateway:9091` and `job: shop`.',
  });
}
