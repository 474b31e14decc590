import type { Json } from '../contract/index.ts';
import type { Place } from '../errors/diagnostic.ts';
import { entriesOf, isMapping, type RawPipeline } from './raw-pipeline.ts';

/** A step of a stage that includes another pipeline file. */
export interface Include {
  /** The file as the step names it. */
  readonly written: string;
  readonly at: Place;
  /** For findings in that file. */
  readonly note: string;
}

/** The files that the steps of a pipeline include. One that is not a plain name is reported when the file is validated. */
export function includesIn(raw: RawPipeline): readonly Include[] {
  return entriesOf(raw.root?.['stages']).flatMap(([stage, written]) => {
    const steps = isMapping(written) ? written['steps'] : undefined;
    if (!Array.isArray(steps)) return [];
    return steps.flatMap((step: Json, index): Include[] => {
      if (!isMapping(step)) return [];
      const { id, pipeline } = step;
      if (typeof pipeline !== 'string' || pipeline === '' || pipeline.includes('${{')) return [];
      const at = raw.placeOf(['stages', stage, 'steps', index, 'pipeline']);
      return [{ written: pipeline, at, note: `step "${typeof id === 'string' ? id : String(index + 1)}" includes this file` }];
    });
  });
}
