import type { Json } from '../../contract/index.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import { reporterShape } from '../shapes/pipeline-shape.ts';
import { isMapping } from '../structure/is-mapping.ts';
import type { ReporterDeclaration } from '../valid-pipeline.ts';
import { gatherSettings } from './settings/gather-settings.ts';
import { readSettings } from './settings/read-settings.ts';
import { reportUnknownType } from './settings/report-unknown-type.ts';

export function readReporter(written: Json, path: Path, reading: Reading): ReporterDeclaration[] {
  const uses = isMapping(written) && typeof written['uses'] === 'string' ? written['uses'] : '';
  const type = reading.registry.reporters.get(uses);
  const subject = uses === '' ? 'this reporter' : `reporter "${uses}"`;
  const gathered = isMapping(written) ? gatherSettings(written, reporterShape.properties, type?.with, path, subject, reading) : written;
  const reporter = reading.fitting(reporterShape, gathered, path, subject);
  if (!reporter) return [];
  if (!type) {
    reportUnknownType('reporter', uses, [...reading.registry.reporters.keys()], [...path, 'uses'], reading);
    return [];
  }
  const settings = (reporter.with ?? {}) as Json;
  const names = reading.settled.withoutSteps('reporters are told of runs that did not get that far, too');
  const value = readSettings(settings, type.with, [...path, 'with'], names, reading);
  const where = reporter.with ? `"with" of ${subject}` : subject;
  if (!reading.fitsSettings(uses, type.with, settings, [...path, 'with'], where)) return [];
  return [{ uses, with: value, at: reading.raw.placeOf([...path, 'uses']) }];
}
