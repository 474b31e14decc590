import type { Json } from '../../contract/index.ts';
import { isMapping, type Path, type RawMapping } from '../../load/raw-pipeline.ts';
import { commandGroupType } from '../../model/built-in-types.ts';
import { groupShape, peopleShape } from '../shapes/pipeline-shape.ts';
import type { GroupDeclaration } from '../valid-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { gatherSettings, isReservedType, readSettings, reportUnknownType } from './settings.ts';
import { readCommand } from './steps/read-run.ts';

/** A group of people: a list of names, a command that prints them, or a group type of a plugin; undefined when it is none of them. */
export function readGroup(name: string, written: Json, context: ValidationContext): GroupDeclaration | undefined {
  const path = ['groups', name];
  const subject = `group "${name}"`;
  if (!context.hasNameForm('name', name, path)) return undefined;
  if (!isMapping(written)) {
    const fits = context.fits(peopleShape, written, path, subject);
    return fits ? { people: written } : undefined;
  }
  return readLookup(written, path, subject, context);
}

function readLookup(written: RawMapping, path: Path, subject: string, context: ValidationContext): GroupDeclaration | undefined {
  const { groups } = context.registry;
  const type = typeof written['uses'] === 'string' ? groups.get(written['uses']) : undefined;
  const lookup = context.fitting(groupShape, gatherSettings(written, groupShape.properties, type?.with, path, subject, context), path, subject);
  if (!lookup || !hasOneSource(lookup, subject, path, context)) return undefined;
  const at = context.raw.placeOfKey(path);
  const names = context.scope.withoutSteps('a group belongs to the whole pipeline');
  if (lookup.run !== undefined) {
    const { command, variables } = readCommand(lookup.run, [...path, 'run'], 'RELPIPE', names, context);
    return { uses: commandGroupType, with: { command, variables }, at };
  }
  const { uses = '', with: settings = {} } = lookup;
  if (isReservedType(uses, [...path, 'uses'], context)) return undefined;
  if (!type) {
    reportUnknownType('group type', uses, [...groups.keys()], [...path, 'uses'], context);
    return undefined;
  }
  const value = readSettings(settings as Json, type.with, [...path, 'with'], names, context);
  const where = lookup.with ? `"with" of ${subject}` : subject;
  return context.fitsSettings(uses, type.with, settings, [...path, 'with'], where) ? { uses, with: value, at } : undefined;
}

function hasOneSource(lookup: object, subject: string, path: Path, context: ValidationContext): boolean {
  const found = ['uses', 'run'].filter((key) => key in lookup);
  if (found.length === 0) context.report('REL_ACTION_MISSING', { subject, actions: ['uses', 'run'] }, path);
  if (found.length > 1) context.report('REL_ACTION_AMBIGUOUS', { subject, found, kind: 'group' }, path);
  return found.length === 1;
}
