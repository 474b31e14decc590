import type { Component, ServerKind } from '../component.ts';
import { missingPrograms } from '../find-program.ts';

/** Why this component cannot be used here, and the command that changes it; undefined when nothing is missing. */
export function whatIsMissing(component: Component, kind: ServerKind | undefined = component.server): string | undefined {
  const programs = missingPrograms(component);
  if (programs.length > 0) return `${programs.join(', ')} not found. Run: scripts/servers install ${component.name}`;
  if (kind?.needsRoot === true && process.getuid?.() !== 0) return 'it can only be started by root, and none runs.';
  return undefined;
}
