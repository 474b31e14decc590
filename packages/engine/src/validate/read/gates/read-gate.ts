import type { Json, Unit } from '../../../contract/index.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import { gateShape, metricShape, type MetricShape } from '../../shapes/gate-shape.ts';
import type { GateDeclaration, MetricDeclaration } from '../../valid-pipeline.ts';
import { isMapping } from '../../structure/is-mapping.ts';
import { gatherSettings } from '../settings/gather-settings.ts';
import { readDuration } from '../read-quantity.ts';
import { readMetricSource } from './read-metric-source.ts';
import { readThreshold } from './read-threshold.ts';

export function readGate(name: string, written: Json, reading: Reading): GateDeclaration[] {
  const path = ['gates', name];
  const hasName = reading.hasNameForm('name', name, path);
  const metrics = entriesOf(isMapping(written) ? written['metrics'] : undefined).flatMap(([metric, shape]) =>
    readMetric(metric, shape, [...path, 'metrics', metric], reading),
  );
  const gate = reading.fitting(gateShape, written, path, `gate "${name}"`);
  if (!gate || !hasName) return [];
  const everyMs = readDuration(String(gate.every), [...path, 'every'], reading);
  return [{ name, everyMs, metrics, at: reading.raw.placeOfKey(path) }];
}

const entriesOf = (value: Json | undefined): [string, Json][] => (isMapping(value) ? Object.entries(value) : []);

function readMetric(name: string, written: Json, path: Path, reading: Reading): MetricDeclaration[] {
  const subject = `metric "${name}"`;
  const hasOneSource = checkSource(written, subject, path, reading);
  const metric = reading.fitting(metricShape, withSettings(written, path, subject, reading), path, subject);
  if (!metric || !hasOneSource) return [];
  const source = readMetricSource(metric, path, subject, reading);
  if (!source) return [];
  const isUnitWrong = metric.unit === undefined && isMapping(written) && 'unit' in written;
  const unit = isUnitWrong ? undefined : unitOf(metric, source.unit, path, subject, reading);
  if (unit === undefined) return [];
  if (unit !== 'yes-no') checkLimit(isMapping(written) ? written['threshold'] : undefined, path, reading);
  return [
    {
      name,
      uses: source.uses,
      with: source.with,
      ...(source.baseline !== undefined && { baseline: source.baseline }),
      unit,
      threshold: readThreshold(metric.threshold, unit, metric.baseline !== undefined, [...path, 'threshold'], reading),
      noData: metric['no-data'],
      ...(metric['min-samples'] !== undefined && { minSamples: metric['min-samples'] }),
      ...(metric.reduce !== undefined && { reduce: metric.reduce }),
      shadow: metric.shadow ?? false,
      at: reading.raw.placeOfKey(path),
    },
  ];
}

/** A limit that is wrong in itself is reported as such. */
function checkLimit(threshold: Json | undefined, path: Path, reading: Reading): void {
  if (threshold === undefined) reading.report('REL_THRESHOLD_LIMIT_MISSING', {}, path);
  else if (isMapping(threshold) && Object.keys(threshold).every((key) => key === 'for' || key === 'violations')) {
    reading.report('REL_THRESHOLD_LIMIT_MISSING', {}, [...path, 'threshold']);
  }
}

function withSettings(metric: Json, path: Path, subject: string, reading: Reading): Json {
  if (!isMapping(metric)) return metric;
  const type = typeof metric['uses'] === 'string' ? reading.registry.metrics.get(metric['uses']) : undefined;
  return gatherSettings(metric, metricShape.properties, type?.with, path, subject, reading);
}

function checkSource(metric: Json, subject: string, path: Path, reading: Reading): boolean {
  if (!isMapping(metric)) return false;
  const found = ['uses', 'run'].filter((key) => key in metric);
  if (found.length === 0) reading.report('REL_ACTION_MISSING', { subject, actions: ['uses', 'run'] }, path);
  if (found.length > 1) {
    const related = found.map((key) => ({ at: reading.raw.placeOfKey([...path, key]), note: `\`${key}\` is one` }));
    reading.report('REL_ACTION_AMBIGUOUS', { subject, found, kind: 'metric' }, path, related);
  }
  return found.length === 1;
}

/** Said by the metric type, or else by the file; never guessed, and never said twice in different words. */
function unitOf(metric: MetricShape, known: Unit | 'from-config', path: Path, subject: string, reading: Reading): Unit | undefined {
  if (known === 'from-config') {
    if (metric.unit === undefined) reading.report('REL_METRIC_UNIT_MISSING', { subject }, path);
    return metric.unit;
  }
  if (metric.unit !== undefined && metric.unit !== known) {
    reading.report('REL_METRIC_UNIT_MISMATCH', { subject, unit: metric.unit, known }, [...path, 'unit']);
  }
  return known;
}
