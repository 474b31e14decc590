import type { Json } from '../../contract/index.ts';
import { isMapping, type Path } from '../../load/raw-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { channelShape } from '../shapes/pipeline-shape.ts';
import type { ChannelDeclaration } from '../valid-pipeline.ts';
import { readCondition } from './read-string.ts';
import { gatherSettings, readSettings, reportUnknownType } from './settings.ts';

/** An entry of `notify`. */
export function readChannel(written: Json, path: Path, context: ValidationContext): ChannelDeclaration[] {
  const uses = isMapping(written) && typeof written['uses'] === 'string' ? written['uses'] : '';
  const type = context.registry.channels.get(uses);
  const subject = uses === '' ? 'this channel' : `channel "${uses}"`;
  const gathered = isMapping(written) ? gatherSettings(written, channelShape.properties, type?.with, path, subject, context) : written;
  const channel = context.fitting(channelShape, gathered, path, subject);
  if (!channel) return [];
  const names = context.scope.withoutSteps('channels also hear of runs that ended before that step');
  const when = channel.when === undefined ? {} : { when: readCondition(channel.when, [...path, 'when'], names, context) };
  const from = channel.from ?? [];
  for (const [index, name] of from.entries()) checkSource(name, [...path, 'from', index], context);
  if (!type) {
    reportUnknownType('channel', uses, [...context.registry.channels.keys()], [...path, 'uses'], context);
    return [];
  }
  const settings = (channel.with ?? {}) as Json;
  const value = readSettings(settings, type.with, [...path, 'with'], names, context);
  const where = channel.with ? `"with" of ${subject}` : subject;
  if (!context.fitsSettings(uses, type.with, settings, [...path, 'with'], where)) return [];
  const at = context.raw.placeOf([...path, 'uses']);
  return [{ uses, with: value, at, ...when, ...(channel.events && { events: channel.events }), ...(channel.from && { from }) }];
}

/** `from` names stages, and steps by their ids. */
function checkSource(name: string, path: Path, context: ValidationContext): void {
  const { stages, steps } = context.symbols;
  const known = [...stages.keys(), ...steps.map(({ id }) => id)];
  if (!known.includes(name)) context.reportUnknown('stage or step', name, known, path);
}
