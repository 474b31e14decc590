import { contractNumber, type Plugin } from '../contract/plugin.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import { channelProblems, compositeProblems, type Definition, groupProblems, isObject, metricProblems, pointProblems, provisionProblems, stepProblems, type Problems } from './definition-problems.ts';

export type PluginShape =
  | { readonly ok: true; readonly plugin: Plugin }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Checks the export of a package as the compiler would have done; its author need not have used one. */
export function checkPluginShape(packageName: string, module: unknown, at: Place | undefined): PluginShape {
  const plugin = isObject(module) ? module['default'] : undefined;
  if (!isObject(plugin)) return refused(diagnose('REL_PLUGIN_NO_DEFAULT_EXPORT', { package: packageName }, at));
  if (plugin['contract'] !== contractNumber) {
    const found = typeof plugin['contract'] === 'number' ? String(plugin['contract']) : '(none)';
    return refused(diagnose('REL_PLUGIN_CONTRACT_MISMATCH', { package: packageName, found, expected: contractNumber }, at));
  }
  const problems = [...nameProblems(plugin['name']), ...parts.flatMap(([key, check]) => partProblems(plugin[key], key, check)), ...provisionsProblems(plugin['provides'])];
  if (problems.length === 0) return { ok: true, plugin: plugin as unknown as Plugin };
  return refused(...problems.map((problem) => diagnose('REL_PLUGIN_INVALID', { package: packageName, ...problem }, at)));
}

const refused = (...diagnostics: readonly Diagnostic[]): PluginShape => ({ ok: false, diagnostics });

interface Problem {
  readonly where: string;
  readonly problem: string;
}

const parts = [
  ['steps', stepProblems],
  ['metrics', metricProblems],
  ['composites', compositeProblems],
  ['channels', channelProblems],
  ['groups', groupProblems],
  ['points', pointProblems],
] as const;

const kebabName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function nameProblems(name: unknown): Problem[] {
  if (typeof name !== 'string') return [{ where: 'it', problem: 'has no name' }];
  return kebabName.test(name) ? [] : [{ where: `its name "${name}"`, problem: 'is not in kebab-case' }];
}

/** Provisions are nested one level deeper: by point, then by name. */
function provisionsProblems(provides: unknown): Problem[] {
  if (provides === undefined) return [];
  if (!isObject(provides)) return [{ where: 'provides', problem: 'is not a mapping of points to provisions' }];
  return Object.entries(provides).flatMap(([point, provisions]) => partProblems(provisions, `provides["${point}"]`, provisionProblems));
}

function partProblems(part: unknown, key: string, check: (part: Definition) => Problems): Problem[] {
  if (part === undefined) return [];
  if (!isObject(part)) return [{ where: key, problem: 'is not a mapping of names to definitions' }];
  return Object.entries(part).flatMap(([name, definition]) => {
    const where = `${key}.${name}`;
    if (!kebabName.test(name)) return [{ where, problem: 'has a name that is not in kebab-case' }];
    if (!isObject(definition)) return [{ where, problem: 'is not a definition' }];
    return check(definition).map((problem) => ({ where, problem }));
  });
}
