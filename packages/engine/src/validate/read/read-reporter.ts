import type { Json } from '../../contract/index.ts';
import { isMapping, type Path } from '../../load/raw-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { reporterShape } from '../shapes/pipeline-shape.ts';
import type { ReporterDeclaration } from '../valid-pipeline.ts';
import { gatherSettings, readSettings, reportUnknownType } from './settings.ts';

export function readReporter(written: Json, path: Path, context: ValidationContext): ReporterDeclaration[] {
  const uses = isMapping(written) && typeof written['uses'] === 'string' ? written['uses'] : '';
  const type = context.registry.reporters.get(uses);
  const subject = uses === '' ? 'this reporter' : `reporter "${uses}"`;
  const gathered = isMapping(written) ? gatherSettings(written, reporterShape.properties, type?.with, path, subject, context) : written;
  const reporter = context.fitting(reporterShape, gathered, path, subject);
  if (!reporter) return [];
  if (!type) {
    reportUnknownType('reporter', uses, [...context.registry.reporters.keys()], [...path, 'uses'], context);
    return [];
  }
  const settings = (reporter.with ?? {}) as Json;
  const names = context.scope.withoutSteps('reporters are also notified of runs that ended before that step');
  const value = readSettings(settings, type.with, [...path, 'with'], names, context);
  const where = reporter.with ? `"with" of ${subject}` : subject;
  if (!context.fitsSettings(uses, type.with, settings, [...path, 'with'], where)) return [];
  return [{ uses, with: value, at: context.raw.placeOf([...path, 'uses']) }];
}
