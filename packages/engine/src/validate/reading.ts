import type { Static, TSchema } from 'typebox';
import { diagnose } from '../errors/diagnose.ts';
import type { ErrorCode, ErrorDetails } from '../errors/catalogue.ts';
import type { Diagnostic, Place } from '../errors/diagnostic.ts';
import type { Path, RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/plugin-registry.ts';
import { shapeErrors } from './structure/compile-shape.ts';
import { pickShapeErrors } from './structure/pick-shape-errors.ts';
import { translateShapeError } from './structure/translate-shape-error.ts';

/** One reading of a pipeline file: what is read, and what was found on the way. */
export class Reading {
  readonly raw: RawPipeline;
  readonly registry: PluginRegistry;
  readonly diagnostics: Diagnostic[] = [];

  constructor(raw: RawPipeline, registry: PluginRegistry) {
    this.raw = raw;
    this.registry = registry;
  }

  report<C extends ErrorCode>(code: C, details: ErrorDetails<C>, at: Path | Place, related?: Diagnostic['related']): void {
    const place = 'file' in at ? at : this.raw.placeOf(at);
    this.diagnostics.push(diagnose(code, details, place, related));
  }

  /** Whether a value has the shape of a schema; reports everything that does not fit. */
  fits<S extends TSchema>(schema: S, value: unknown, path: Path, subject: string): value is Static<S> {
    const errors = pickShapeErrors(shapeErrors(schema, value));
    for (const error of errors) this.diagnostics.push(translateShapeError(error, path, subject, this.raw));
    return errors.length === 0;
  }
}
