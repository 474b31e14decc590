import { capital, didYouMean, list } from '../../util/phrases.ts';

/** By the prefix of their types. */
const ownPlugins: ReadonlySet<string> = new Set(['docker', 'grafana', 'prometheus', 'pypi', 'traffic']);

/** Errors about plugins: where they come from, and what they are made of. */
export const pluginTexts = {
  REL_PLUGIN_NOT_INSTALLED: (p: { packages: readonly string[]; install: string }) => ({
    message: p.packages.length === 1 ? `The plugin ${list(p.packages)} is not installed.` : `The plugins ${list(p.packages)} are not installed.`,
    hint: `${p.install}.`,
  }),
  REL_PLUGIN_NOT_DECLARED: (p: { what: string; uses: string; prefix: string }) => ({
    message: `Unknown ${p.what} "${p.uses}": this pipeline has no plugin named "${p.prefix}".`,
    hint: ownPlugins.has(p.prefix)
      ? `Add its package under \`plugins:\`: "@relpipe/plugin-${p.prefix}": ^0.1.0`
      : 'Add the package that provides it under `plugins:`, e.g. "@relpipe/plugin-docker": ^0.1.0; `run:` needs none.',
  }),
  REL_PLUGIN_PACKAGE_NAME_INVALID: (p: { package: string }) => ({
    message: `"${p.package}" is not a valid name of an npm package.`,
    hint: 'Write it as npm does, e.g. "@relpipe/plugin-docker". Install a package from this disk first: npm install -D ./folder.',
  }),
  REL_PLUGIN_RANGE_INVALID: (p: { package: string; range: string }) => ({
    message: `"${p.range}" is not a valid version range for ${p.package}.`,
    hint: 'Write it as npm does, e.g. ^1.0.0.',
  }),
  REL_PLUGIN_VERSION_MISMATCH: (p: { package: string; range: string; version: string; install: string }) => ({
    message: `${p.package} ${p.version} is installed, but this pipeline requires ${p.range}.`,
    hint: `${p.install}, or change the range.`,
  }),
  REL_PLUGIN_ENGINE_MISMATCH: (p: { package: string; version: string; engine: string; range: string; here: string }) => ({
    message: `${p.package} ${p.version} requires ${p.engine} ${p.range}; this is ${p.engine} ${p.here}.`,
    hint: `Install a version of the plugin for this ${p.engine}, or another ${p.engine}.`,
  }),
  REL_PLUGIN_LOAD_FAILED: (p: { package: string; because: string }) => ({
    message: `The plugin ${p.package} cannot be loaded: ${p.because}`,
    hint: `Reinstall it with \`npm install -D ${p.package}\`; if that does not help, report it to its author.`,
  }),
  REL_PLUGIN_NO_DEFAULT_EXPORT: (p: { package: string }) => ({
    message: `${p.package} is not a relpipe plugin: it has no default export.`,
    hint: 'Check the name under `plugins:`. The module of a plugin must `export default definePlugin({ … })`.',
  }),
  REL_PLUGIN_CONTRACT_MISMATCH: (p: { package: string; found: string; expected: number }) => ({
    message: `${p.package} is written for contract ${p.found}; this relpipe supports contract ${p.expected}.`,
    hint: 'Install a version of the plugin for this relpipe, or another relpipe.',
  }),
  REL_PLUGIN_INVALID: (p: { package: string; where: string; problem: string }) => ({
    message: `${p.package} is not a valid plugin: ${p.where} ${p.problem}.`,
    hint: 'The plugin must be corrected; `defineStep`, `defineMetric` and `definePlugin` from relpipe/plugin report this at compile time.',
  }),
  REL_PLUGIN_SCHEMA_INVALID: (p: { uses: string; because: string }) => ({
    message: `The settings of "${p.uses}" cannot be checked, because its schema is invalid: ${p.because}.`,
    hint: 'The plugin must be corrected; schemas built with `typebox` are always valid.',
  }),
  REL_PLUGIN_NAME_DUPLICATE: (p: { package: string; name: string; other: string }) => ({
    message: `${p.package} and ${p.other} are both named "${p.name}", so ${p.name}.… is ambiguous.`,
    hint: 'Remove one of the two from `plugins:`.',
  }),
  REL_POINT_UNKNOWN: (p: { package: string; point: string; name: string; close: readonly string[] }) => ({
    message: `${p.package} provides "${p.name}" to ${p.point}, but no plugin of this pipeline has a point of that name.`,
    hint:
      didYouMean(p.close) ??
      `Add the package of the plugin "${p.point.split('.')[0] ?? p.point}" under \`plugins:\`, or remove ${p.package}.`,
  }),
  REL_POINT_CONTRACT_MISMATCH: (p: { package: string; point: string; name: string; found: number; expected: number; owner: string }) => ({
    message: `${p.package} provides "${p.name}" for contract ${p.found} of ${p.point}; ${p.owner} has contract ${p.expected}.`,
    hint: 'Install versions of the two packages that match.',
  }),
  REL_POINT_DUPLICATE: (p: { package: string; point: string; name: string; other: string }) => ({
    message: `${p.package} and ${p.other} both provide "${p.name}" to ${p.point}.`,
    hint: 'Remove one of the two from `plugins:`.',
  }),
  REL_POINT_EMPTY: (p: { where: string; point: string; bringer?: string }) => ({
    message: `${capital(p.where)} needs something that is provided to ${p.point}, but no plugin of this pipeline provides anything to it.`,
    hint: `Add ${p.bringer ?? 'a package that does so'} under \`plugins:\`.`,
  }),
  REL_POINT_NAME_UNKNOWN: (p: {
    name: string;
    where: string;
    point: string;
    close: readonly string[];
    known: readonly string[];
    bringer?: string;
  }) => ({
    message: `No plugin of this pipeline provides "${p.name}" to ${p.point}, for ${p.where}.`,
    hint:
      p.bringer === undefined
        ? (didYouMean(p.close) ?? `Available: ${list(p.known)}.`)
        : `Add ${p.bringer}, which provides it, under \`plugins:\`. Available: ${list(p.known)}.`,
  }),
};
