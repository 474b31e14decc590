import type { TSchema } from 'typebox';
import type { Json, Unit } from '../../../contract/index.ts';
import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { NamesAt } from '../../names-at.ts';
import type { Reading } from '../../reading.ts';
import type { MetricShape } from '../../shapes/gate-shape.ts';
import { isKeyOfItsOwn } from '../settings/is-key-of-its-own.ts';
import { readCommand } from '../steps/read-command.ts';
import { reportUnknownType } from '../settings/report-unknown-type.ts';
import { readSettings } from '../settings/read-settings.ts';

interface MetricSource {
  readonly uses: string;
  readonly with: Value;
  readonly baseline?: Value;
  readonly unit: Unit | 'from-config';
}

/** What a metric measures with; `run:` is the built-in metric type `relpipe.command`. */
export function readMetricSource(metric: MetricShape, path: Path, subject: string, reading: Reading): MetricSource | undefined {
  return metric.run === undefined ? readTyped(metric, metric.uses ?? '', path, subject, reading) : readRun(metric, metric.run, path, reading);
}

function readTyped(metric: MetricShape, uses: string, path: Path, subject: string, reading: Reading): MetricSource | undefined {
  const { metrics } = reading.registry;
  if (isKeyOfItsOwn(uses, [...path, 'uses'], reading)) return undefined;
  const type = metrics.get(uses);
  if (!type) {
    reportUnknownType('metric type', uses, [...metrics.keys()], [...path, 'uses'], reading);
    return undefined;
  }
  const names = namesInGate(reading);
  const settings = (metric.with ?? {}) as Json;
  const value = readSettings(settings, type.with, [...path, 'with'], names, reading);
  const baseline = metric.baseline && readSettings(metric.baseline as Json, type.with, [...path, 'baseline'], names, reading);
  if (!settingsFit(metric, type.with, path, subject, reading)) return undefined;
  return { uses, with: value, ...(baseline !== undefined && { baseline }), unit: type.unit };
}

/** The other side differs in some settings and shares the rest. */
function settingsFit(metric: MetricShape, schema: TSchema, path: Path, subject: string, reading: Reading): boolean {
  const { with: settings = {}, baseline } = metric;
  const uses = metric.uses ?? '';
  const fits = reading.fitsSettings(uses, schema, settings, [...path, 'with'], metric.with ? `"with" of ${subject}` : subject);
  if (!fits || !baseline) return fits;
  return reading.fitsSettings(uses, schema, { ...settings, ...baseline }, [...path, 'baseline'], `"baseline" of ${subject}`);
}

function readRun({ with: settings, baseline }: MetricShape, run: string, path: Path, reading: Reading): MetricSource {
  for (const [key, given] of Object.entries({ with: settings, baseline })) {
    if (given) reading.report('REL_KEY_MISPLACED', { key, where: 'a metric with `run`', belongs: 'metrics with `uses`' }, reading.raw.placeOfKey([...path, key]));
  }
  const { command, variables } = readCommand(run, [...path, 'run'], 'RELPIPE', namesInGate(reading), reading);
  return { uses: 'relpipe.command', with: { command, variables }, unit: 'from-config' };
}

const namesInGate = (reading: Reading): NamesAt => reading.settled.withoutSteps('a gate may be watched from several places of the pipeline');
