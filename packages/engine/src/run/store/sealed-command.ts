import { hash } from 'node:crypto';
import { writeJson } from '../../util/write-json.ts';
import { describeCommand, type InboxCommand, isCommand } from './inbox-command.ts';

/** A command in an inbox that no driver executes. It stays there, and must not keep its run from being driven. */
export interface RefusedCommand {
  readonly id: string;
  /** `changed`: it is not what was sent. `unknown`: it is, and only a newer relpipe knows it. */
  readonly because: 'changed' | 'unknown';
  /** What it says now; missing when that cannot be read. */
  readonly says?: string;
}

/**
 * A command as a store keeps it until a fact has taken it: with a hash over its run, the time at which it was accepted (milliseconds since
 * the epoch), and its text, byte for byte, which says who wants what.
 */
export function sealCommand(command: InboxCommand, at: number): string {
  const text = writeJson(command);
  return writeJson({ at, text, hash: hashOf(command.run, at, text) });
}

/** One of the two: the command of that id and run, or why it is refused. */
interface ReadCommand {
  readonly command?: InboxCommand;
  readonly refused?: RefusedCommand;
}

export function readSealed({ id, run }: Pick<InboxCommand, 'id' | 'run'>, sealed: string): ReadCommand {
  const { at, text, hash: recorded } = fieldsOf(sealed);
  const fields: unknown = fieldsOf(text);
  const command = isCommand(fields) ? fields : undefined;
  if (recorded !== hashOf(run, at, text) || fieldsOf(text)['id'] !== id) {
    return { refused: { id, because: 'changed', ...(command && { says: describeCommand(command) }) } };
  }
  return command ? { command } : { refused: { id, because: 'unknown' } };
}

const hashOf = (run: string, at: unknown, text: unknown): string => hash('sha256', `${run}\n${String(at)}\n${String(text)}`);

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(String(json));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
