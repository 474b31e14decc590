import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { PushgatewayGroup } from './pushgateway-group.ts';
import type { MetricsPlace } from './metrics-place.ts';
import type { PushConfig } from './push-config.ts';
import { Textfile } from './textfile.ts';

/** @throws {StepError} `PROMETHEUS_PLACE_UNCLEAR`, `PROMETHEUS_URL_INVALID` */
export function openPlace(config: Omit<PushConfig, 'metrics'>, context: ReadContext): MetricsPlace {
  const { pushgateway, job, grouping, textfile } = config;
  if (textfile !== undefined && pushgateway === undefined) return new Textfile(resolve(context.workdir, textfile));
  if (pushgateway !== undefined && job !== undefined && textfile === undefined) {
    return new PushgatewayGroup({ pushgateway, labels: { job, ...grouping } }, config, context);
  }
  throw new StepError('PROMETHEUS_PLACE_UNCLEAR', 'It has to be either pushgateway with job, or textfile.', {
    hint: 'Write `pushgateway: http://pushgateway:9091` and `job: shop`.',
  });
}
