import type { Static, TSchema } from 'typebox';
import type { Json } from '../contract/index.ts';
import type { ErrorCode, ErrorDetails } from '../errors/catalogue.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import type { CheckExpression } from '../expressions/load-cel.ts';
import { isMapping, type Path, type RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { pickShapeErrors, shapeErrors } from '../schema/shape-errors.ts';
import { closestNames } from '../util/closest-names.ts';
import { messageOf } from '../util/phrases.ts';
import { type NamesHere, NameScope } from './name-scope.ts';
import { namePattern } from './shapes/shape-parts.ts';
import { translateShapeError, wrongPathOf } from './structure/translate-shape-error.ts';
import { withoutConsequences, withoutExpressions } from './structure/relevant-errors.ts';
import type { StepSymbol } from './step-symbols.ts';
import { symbolsOf, type Symbols } from './symbols.ts';
import type { PipelineDeclaration, SubPipelines } from './valid-pipeline.ts';

/** One thing to check about the whole pipeline. */
export type Rule = (pipeline: PipelineDeclaration, context: ValidationContext) => void;

/** The validation of one pipeline file: what is read, which names it declares, and everything found so far. */
export class ValidationContext {
  readonly raw: RawPipeline;
  readonly registry: PluginRegistry;
  readonly checkExpression: CheckExpression;
  readonly subPipelines: SubPipelines;
  readonly symbols: Symbols;
  readonly scope: NameScope;
  readonly diagnostics: Diagnostic[] = [];
  readonly #stepAt: ReadonlyMap<string, StepSymbol>;

  constructor(raw: RawPipeline, registry: PluginRegistry, checkExpression: CheckExpression, subPipelines: SubPipelines) {
    this.raw = raw;
    this.registry = registry;
    this.checkExpression = checkExpression;
    this.subPipelines = subPipelines;
    this.symbols = symbolsOf(raw, { registry, subPipelines });
    this.scope = new NameScope(this.symbols);
    this.#stepAt = new Map(this.symbols.steps.map((step) => [JSON.stringify(step.path), step]));
  }

  report<C extends ErrorCode>(code: C, details: ErrorDetails<C>, at: Path | Place, related?: Diagnostic['related']): void {
    this.diagnostics.push(diagnose(code, details, this.#place(at), related));
  }

  /** `itself`: the one of the known names that cannot have been meant. */
  reportUnknown(what: string, name: string, known: readonly string[], at: Path | Place, itself?: string): void {
    const close = closestNames(name, known).filter((other) => other !== itself);
    this.report('REL_NAME_UNKNOWN', { what, name, close, known: known.slice(0, 30).filter((other) => other !== itself) }, at);
  }

  /** Whether a value fits a schema; reports everything that does not. */
  fits<S extends TSchema>(schema: S, value: unknown, path: Path, subject: string): value is Static<S> {
    return this.#reportAll(errorsIn(schema, value), path, subject);
  }

  /**
   * The part of a mapping that fits a schema, without its wrong keys; undefined when too little is left. Reports everything that does not
   * fit.
   */
  fitting<S extends TSchema>(schema: S, value: unknown, path: Path, subject: string): Static<S> | undefined {
    const errors = errorsIn(schema, value);
    if (this.#reportAll(errors, path, subject)) return value as Static<S>;
    const wrong = errors.map(wrongPathOf);
    if (wrong.some((path) => path.length === 0)) return undefined;
    const deepest = Math.max(...wrong.map((path) => path.length));
    // Without the wrong key of a mapping or, when the mapping needs that key, without the mapping.
    for (let depth = deepest; depth > 0; depth--) {
      const rest = wrong.reduce((left, path) => without(left, path.slice(0, depth)), value as Json);
      if (shapeErrors(schema, rest).length === 0) return rest as Static<S>;
    }
    return undefined;
  }

  /** As `fits`, for settings of a plugin, in which any value may be an expression. */
  fitsSettings(uses: string, schema: TSchema, value: unknown, path: Path, subject: string): boolean {
    try {
      return this.#reportAll(withoutConsequences(pickShapeErrors(withoutExpressions(shapeErrors(schema, value)))), path, subject);
    } catch (error) {
      // The schema comes from a plugin; so far it is only known to be an object.
      this.report('REL_PLUGIN_SCHEMA_INVALID', { uses, because: messageOf(error) }, path);
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

  /** The names that expressions may use in the step at a path. */
  namesInStep(path: Path): NamesHere {
    const step = this.#stepAt.get(JSON.stringify(path));
    return step ? this.scope.inside(step) : this.scope.withoutSteps('the step has no id');
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

/** A copy of a tree of mappings without the value at a path. */
function without(tree: Json, [key, ...inside]: Path): Json {
  if (!isMapping(tree) || key === undefined) return tree;
  return Object.fromEntries(
    Object.entries(tree).flatMap(([name, value]): [string, Json][] => {
      if (name !== String(key)) return [[name, value]];
      return inside.length === 0 ? [] : [[name, without(value, inside)]];
    }),
  );
}
