import type { Json, Unit } from '../../../contract/index.ts';
import { entriesOf, isMapping, type Path } from '../../../load/raw-pipeline.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { gateShape, metricShape, type MetricShape } from '../../shapes/gate-shape.ts';
import type { GateDeclaration, MetricDeclaration } from '../../valid-pipeline.ts';
import { gatherSettings } from '../settings.ts';
import { readDuration } from '../read-quantity.ts';
import { readMetricSource } from './read-metric-source.ts';
import { readThreshold } from './read-threshold.ts';

export function readGate(name: string, written: Json, context: ValidationContext): GateDeclaration[] {
  const path = ['gates', name];
  const hasName = context.hasNameForm('name', name, path);
  const metrics = entriesOf(isMapping(written) ? written['metrics'] : undefined).flatMap(([metric, shape]) =>
    readMetric(metric, shape, [...path, 'metrics', metric], context),
  );
  const gate = context.fitting(gateShape, written, path, `gate "${name}"`);
  if (!gate || !hasName) return [];
  const everyMs = readDuration(String(gate.every), [...path, 'every'], context);
  return [{ name, everyMs, metrics, at: context.raw.placeOfKey(path) }];
}

function readMetric(name: string, written: Json, path: Path, context: ValidationContext): MetricDeclaration[] {
  const subject = `metric "${name}"`;
  const hasOneSource = checkSource(written, subject, path, context);
  const metric = context.fitting(metricShape, withSettings(written, path, subject, context), path, subject);
  if (!metric || !hasOneSource) return [];
  const source = readMetricSource(metric, path, subject, context);
  if (!source) return [];
  const isUnitWrong = metric.unit === undefined && isMapping(written) && 'unit' in written;
  const unit = isUnitWrong ? undefined : unitOf(metric, source.unit, path, subject, context);
  if (unit === undefined) return [];
  if (metric['min-samples'] !== undefined && !source.countsSamples)
    context.report('REL_SAMPLES_NOT_COUNTED', { subject, uses: metric.uses ?? 'a command' }, [...path, 'min-samples']);
  if (unit !== 'yes-no') checkLimit(isMapping(written) ? written['threshold'] : undefined, path, context);
  return [
    {
      name,
      uses: source.uses,
      with: source.with,
      ...(source.baseline !== undefined && { baseline: source.baseline }),
      unit,
      threshold: readThreshold(metric.threshold, unit, metric.baseline !== undefined, [...path, 'threshold'], context),
      noData: metric['no-data'],
      ...(metric.partial !== undefined && { partial: metric.partial }),
      ...(metric['min-samples'] !== undefined && { minSamples: metric['min-samples'] }),
      ...(metric.reduce !== undefined && { reduce: metric.reduce }),
      shadow: metric.shadow ?? false,
      at: context.raw.placeOfKey(path),
    },
  ];
}

/** A limit that is wrong in itself is reported as such. */
function checkLimit(threshold: Json | undefined, path: Path, context: ValidationContext): void {
  if (threshold === undefined) context.report('REL_THRESHOLD_LIMIT_MISSING', {}, path);
  else if (isMapping(threshold) && Object.keys(threshold).every((key) => key === 'for' || key === 'violations')) {
    context.report('REL_THRESHOLD_LIMIT_MISSING', {}, [...path, 'threshold']);
  }
}

function withSettings(metric: Json, path: Path, subject: string, context: ValidationContext): Json {
  if (!isMapping(metric)) return metric;
  const type = typeof metric['uses'] === 'string' ? context.registry.metrics.get(metric['uses']) : undefined;
  return gatherSettings(metric, metricShape.properties, type?.with, path, subject, context);
}

function checkSource(metric: Json, subject: string, path: Path, context: ValidationContext): boolean {
  if (!isMapping(metric)) return false;
  const found = ['uses', 'run'].filter((key) => key in metric);
  if (found.length === 0) context.report('REL_ACTION_MISSING', { subject, actions: ['uses', 'run'] }, path);
  if (found.length > 1) {
    const related = found.map((key) => ({ at: context.raw.placeOfKey([...path, key]), note: `\`${key}\` is here` }));
    context.report('REL_ACTION_AMBIGUOUS', { subject, found, kind: 'metric' }, path, related);
  }
  return found.length === 1;
}

/** From the metric type, or else from the file; never guessed. */
function unitOf(
  metric: MetricShape,
  known: Unit | 'from-config',
  path: Path,
  subject: string,
  context: ValidationContext,
): Unit | undefined {
  if (known === 'from-config') {
    if (metric.unit === undefined) context.report('REL_METRIC_UNIT_MISSING', { subject }, path);
    return metric.unit;
  }
  if (metric.unit !== undefined && metric.unit !== known) {
    context.report('REL_METRIC_UNIT_MISMATCH', { subject, unit: metric.unit, known }, [...path, 'unit']);
  }
  return known;
}
