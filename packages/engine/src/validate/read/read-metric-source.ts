import type { Json, Unit } from '../../contract/index.ts';
import type { Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import type { MetricShape } from '../shapes/gate-shape.ts';
import { readSettings } from './read-value.ts';

interface MetricSource {
  readonly uses: string;
  readonly with: Value;
  readonly baseline?: Value;
  readonly unit: Unit | 'from-config';
}

/** What a metric measures with; `run:` is the built-in metric type `relpipe.command`. */
export function readMetricSource(metric: MetricShape, path: Path, subject: string, reading: Reading): MetricSource | undefined {
  const { uses, settings } = metric.run === undefined ? ofType(metric) : ofCommand(metric, metric.run);
  const type = reading.registry.metrics.get(uses);
  if (!type) {
    if (reading.registry.incomplete !== true) reading.reportUnknown('metric type', uses, reading.registry.metrics.keys(), [...path, 'uses']);
    return undefined;
  }
  const names = reading.settled.withoutSteps('a gate may be watched from several places of the pipeline');
  const at = metric.run === undefined ? [...path, 'with'] : path;
  if (!reading.fitsSettings(type.with, settings, at, metric.with ? `"with" of ${subject}` : subject)) return undefined;
  const other = baselineOf(metric, settings);
  if (other && !reading.fitsSettings(type.with, other, [...path, 'baseline'], `"baseline" of ${subject}`)) return undefined;
  return {
    uses,
    with: readSettings(settings, type.with, at, names, reading),
    ...(metric.baseline && { baseline: readSettings(metric.baseline as Json, type.with, [...path, 'baseline'], names, reading) }),
    unit: type.unit,
  };
}

interface Typed {
  readonly uses: string;
  readonly settings: Readonly<Record<string, Json>>;
}

const ofType = (metric: MetricShape): Typed => ({ uses: metric.uses ?? '', settings: (metric.with ?? {}) as Record<string, Json> });
const ofCommand = (metric: MetricShape, command: string): Typed => ({
  uses: 'relpipe.command',
  settings: { ...(metric.with as Record<string, Json> | undefined), command },
});

/** The other side differs in some settings and shares the rest. */
const baselineOf = (metric: MetricShape, settings: Typed['settings']): Json | undefined =>
  metric.baseline && { ...settings, ...(metric.baseline as Record<string, Json>) };
