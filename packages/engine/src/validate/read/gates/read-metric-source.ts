import type { TSchema } from 'typebox';
import type { Json, Unit } from '../../../contract/index.ts';
import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import { commandMetricType } from '../../../model/built-in-types.ts';
import type { NamesHere } from '../../name-scope.ts';
import type { MetricShape } from '../../shapes/gate-shape.ts';
import type { ValidationContext } from '../../validation-context.ts';
import { isReservedType, readSettings, reportUnknownType } from '../settings.ts';
import { readCommand } from '../steps/read-run.ts';

interface MetricSource {
  readonly uses: string;
  readonly with: Value;
  readonly baseline?: Value;
  readonly unit: Unit | 'from-config';
  readonly countsSamples: boolean;
}

/** The metric type and its settings; `run:` is the built-in metric type `relpipe.command`. */
export function readMetricSource(metric: MetricShape, path: Path, subject: string, context: ValidationContext): MetricSource | undefined {
  return metric.run === undefined
    ? readTyped(metric, metric.uses ?? '', path, subject, context)
    : readRun(metric, metric.run, path, context);
}

function readTyped(metric: MetricShape, uses: string, path: Path, subject: string, context: ValidationContext): MetricSource | undefined {
  const { metrics } = context.registry;
  if (isReservedType(uses, [...path, 'uses'], context)) return undefined;
  const type = metrics.get(uses);
  if (!type) {
    reportUnknownType('metric type', uses, [...metrics.keys()], [...path, 'uses'], context);
    return undefined;
  }
  const names = namesInGate(context);
  const settings = (metric.with ?? {}) as Json;
  const value = readSettings(settings, type.with, [...path, 'with'], names, context);
  const baseline = metric.baseline && readSettings(metric.baseline as Json, type.with, [...path, 'baseline'], names, context);
  if (!settingsFit(metric, type.with, path, subject, context)) return undefined;
  return { uses, with: value, ...(baseline !== undefined && { baseline }), unit: type.unit, countsSamples: type.countsSamples ?? true };
}

/** The baseline differs in some settings and shares the rest. */
function settingsFit(metric: MetricShape, schema: TSchema, path: Path, subject: string, context: ValidationContext): boolean {
  const { with: settings = {}, baseline } = metric;
  const uses = metric.uses ?? '';
  const fits = context.fitsSettings(uses, schema, settings, [...path, 'with'], metric.with ? `"with" of ${subject}` : subject);
  if (!fits || !baseline) return fits;
  return context.fitsSettings(uses, schema, { ...settings, ...baseline }, [...path, 'baseline'], `"baseline" of ${subject}`);
}

function readRun({ with: settings, baseline }: MetricShape, run: string, path: Path, context: ValidationContext): MetricSource {
  for (const [key, given] of Object.entries({ with: settings, baseline })) {
    if (given) {
      context.report(
        'REL_KEY_MISPLACED',
        { key, where: 'a metric with `run`', belongs: 'metrics with `uses`' },
        context.raw.placeOfKey([...path, key]),
      );
    }
  }
  const { command, variables } = readCommand(run, [...path, 'run'], 'RELPIPE', namesInGate(context), context);
  return { uses: commandMetricType, with: { command, variables }, unit: 'from-config', countsSamples: false };
}

const namesInGate = (context: ValidationContext): NamesHere => context.scope.withoutSteps('a gate can watch several steps of the pipeline');
