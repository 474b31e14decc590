import { prepareCommand } from '../../../expressions/templates/prepare-command.ts';
import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { NamesAt } from '../../names-at.ts';
import type { Reading } from '../../reading.ts';
import { findingsInTemplate, readPrinted, reportInText } from '../read-text.ts';

export interface ReadCommand {
  readonly command: Value;
  /** What the environment must hold for it. */
  readonly variables: Readonly<Record<string, Value>>;
}

/** Expressions reach a shell as variables, and an argument list printed. */
export function readCommand(
  command: string | readonly string[],
  path: Path,
  prefix: string,
  names: NamesAt,
  reading: Reading,
): ReadCommand {
  if (typeof command !== 'string') {
    const parts = command.map((part, index) => readPrinted(part, [...path, index], names, reading) ?? part);
    return { command: parts, variables: {} };
  }
  if (!command.includes('${{')) return { command, variables: {} };
  const prepared = prepareCommand(command, prefix);
  const findings = prepared.expressions.flatMap((expression) => findingsInTemplate(expression, names, reading));
  reportInText(prepared.ok ? findings : [...prepared.findings, ...findings], path, reading);
  return prepared.ok ? { command: prepared.command, variables: prepared.variables } : { command, variables: {} };
}
