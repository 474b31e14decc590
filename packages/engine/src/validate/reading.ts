import type { Static, TSchema } from 'typebox';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import type { ErrorCode, ErrorDetails } from '../errors/catalogue.ts';
import type { Json } from '../contract/index.ts';
import type { CheckExpression } from '../expressions/load-cel.ts';
import type { Path, RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { closestNames } from '../util/closest-names.ts';
import type { NamesAt } from './names-at.ts';
import { outlineOf, type Outline } from './outline.ts';
import { Settled } from './settled.ts';
import { namePattern } from './shapes/words.ts';
import { pickShapeErrors, shapeErrors } from '../schema/shape-errors.ts';
import { translateShapeError, wrongPathOf } from './structure/translate-shape-error.ts';
import { without } from './structure/without.ts';
import { withoutConsequences } from './structure/without-consequences.ts';
import { withoutExpressions } from './structure/without-expressions.ts';

/** One reading of a pipeline file: what is read, who is in it, and what was found on the way. */
export class Reading {
  readonly raw: RawPipeline;
  readonly registry: PluginRegistry;
  readonly checkExpression: CheckExpression;
  readonly outline: Outline;
  readonly settled: Settled;
  readonly diagnostics: Diagnostic[] = [];

  constructor(raw: RawPipeline, registry: PluginRegistry, checkExpression: CheckExpression) {
    this.raw = raw;
    this.registry = registry;
    this.checkExpression = checkExpression;
    this.outline = outlineOf(raw, registry);
    this.settled = new Settled(this.outline);
  }

  report<C extends ErrorCode>(code: C, details: ErrorDetails<C>, at: Path | Place, related?: Diagnostic['related']): void {
    this.diagnostics.push(diagnose(code, details, this.#place(at), related));
  }

  reportUnknown(what: string, name: string, known: Iterable<string>, at: Path | Place): void {
    const names = [...known];
    this.report('REL_NAME_UNKNOWN', { what, name, close: closestNames(name, names), known: names }, at);
  }

  /** Whether a value has the shape of a schema; reports everything that does not fit. */
  fits<S extends TSchema>(schema: S, value: unknown, path: Path, subject: string): value is Static<S> {
    return this.#reportAll(errorsIn(schema, value), path, subject);
  }

  /** What of a mapping has the shape of a schema, wrong keys left out; undefined when too little is left. Reports everything that does not fit. */
  fitting<S extends TSchema>(schema: S, value: unknown, path: Path, subject: string): Static<S> | undefined {
    const errors = errorsIn(schema, value);
    if (this.#reportAll(errors, path, subject)) return value as Static<S>;
    const wrong = errors.map(wrongPathOf);
    if (wrong.some((path) => path.length === 0)) return undefined;
    const deepest = Math.max(...wrong.map((path) => path.length));
    // Without the one wrong key of a mapping, or, where that lacks something then, without the mapping.
    for (let depth = deepest; depth > 0; depth--) {
      const rest = wrong.reduce((left, path) => without(left, path.slice(0, depth)), value as Json);
      if (shapeErrors(schema, rest).length === 0) return rest as Static<S>;
    }
    return undefined;
  }

  /** As `fits`, for settings of a plugin, in which an expression may stand for any value. */
  fitsSettings(uses: string, schema: TSchema, value: unknown, path: Path, subject: string): boolean {
    try {
      return this.#reportAll(withoutConsequences(pickShapeErrors(withoutExpressions(shapeErrors(schema, value)))), path, subject);
    } catch (error) {
      // The schema comes from a plugin; that it is an object is all that was known of it.
      this.report('REL_PLUGIN_SCHEMA_INVALID', { uses, because: error instanceof Error ? error.message : String(error) }, path);
      return false;
    }
  }

  /** Whether an id or a name is in kebab-case; reports it otherwise. */
  hasNameForm(what: string, name: string, path: Path): boolean {
    if (new RegExp(namePattern).test(name)) return true;
    const at = path.at(-1) === name ? this.raw.placeOfKey(path) : this.raw.placeOf(path);
    this.report('REL_NAME_INVALID', { what, name, better: kebab(name) }, at);
    return false;
  }

  /** What expressions may name in the step that stands at a path. */
  namesInStep(path: Path): NamesAt {
    const step = this.outline.steps.find((known) => known.path.length === path.length && known.path.every((part, i) => part === path[i]));
    return step ? this.settled.inside(step) : this.settled.withoutSteps('its own step has no id');
  }

  #place(at: Path | Place): Place {
    return 'file' in at ? at : this.raw.placeOf(at);
  }

  #reportAll(errors: ReturnType<typeof pickShapeErrors>, path: Path, subject: string): boolean {
    for (const error of errors) this.diagnostics.push(translateShapeError(error, path, subject, this.raw));
    return errors.length === 0;
  }
}

const errorsIn = (schema: TSchema, value: unknown) => withoutConsequences(pickShapeErrors(shapeErrors(schema, value)));

const kebab = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
