import { capital, didYouMean, list } from './phrases.ts';

/** Errors about plugins: where they come from, and what they are made of. */
export const pluginTexts = {
  REL_PLUGIN_NOT_INSTALLED: (p: { package: string; folder: string }) => ({
    message: `The plugin ${p.package} is not installed.`,
    hint: `Run \`npm install -D ${p.package}\` in ${p.folder}.`,
  }),
  REL_PLUGIN_NOT_DECLARED: (p: { what: string; uses: string; prefix: string }) => ({
    message: `There is no ${p.what} "${p.uses}": no plugin of this pipeline calls itself "${p.prefix}".`,
    hint: 'Name the package that gives it under `plugins:`, e.g. "@relpipe/plugin-docker": ^0.1.0; `run:` needs none.',
  }),
  REL_PLUGIN_PACKAGE_NAME_INVALID: (p: { package: string }) => ({
    message: `"${p.package}" cannot be the name of an npm package.`,
    hint: 'Name a package as npm does, e.g. "@relpipe/plugin-docker"; one on this disk is installed first: npm install -D ./folder.',
  }),
  REL_PLUGIN_RANGE_INVALID: (p: { package: string; range: string }) => ({
    message: `"${p.range}" is no version range for ${p.package}.`,
    hint: 'Write it as npm does, e.g. ^1.0.0.',
  }),
  REL_PLUGIN_VERSION_MISMATCH: (p: { package: string; range: string; version: string; folder: string }) => ({
    message: `${p.package} ${p.version} is installed, and this pipeline asks for ${p.range}.`,
    hint: `Run \`npm install -D ${p.package}@"${p.range}"\` in ${p.folder}, or change the range.`,
  }),
  REL_PLUGIN_LOAD_FAILED: (p: { package: string; because: string }) => ({
    message: `The plugin ${p.package} cannot be loaded: ${p.because}`,
    hint: `Install it anew with \`npm install -D ${p.package}\`; if that does not help, its author should know.`,
  }),
  REL_PLUGIN_NO_DEFAULT_EXPORT: (p: { package: string }) => ({
    message: `${p.package} is no relpipe plugin: it has no default export.`,
    hint: 'Its module should `export default definePlugin({ … })`. Is the name right?',
  }),
  REL_PLUGIN_CONTRACT_MISMATCH: (p: { package: string; found: string; expected: number }) => ({
    message: `${p.package} is written for contract ${p.found}; this relpipe understands contract ${p.expected}.`,
    hint: 'Install a version of the plugin made for this relpipe, or another relpipe.',
  }),
  REL_PLUGIN_INVALID: (p: { package: string; where: string; problem: string }) => ({
    message: `${p.package} has a wrong shape: ${p.where} ${p.problem}.`,
    hint: 'The plugin has to be corrected; `defineStep`, `defineMetric` and `definePlugin` from relpipe/plugin find this while it is written.',
  }),
  REL_PLUGIN_SCHEMA_INVALID: (p: { uses: string; because: string }) => ({
    message: `The settings of "${p.uses}" cannot be checked, because its own schema is wrong: ${p.because}.`,
    hint: 'The plugin has to be corrected; TypeBox schemas from `typebox` are right by construction.',
  }),
  REL_PLUGIN_NAME_DUPLICATE: (p: { package: string; name: string; other: string }) => ({
    message: `${p.package} and ${p.other} both call themselves "${p.name}", so that ${p.name}.… could mean either.`,
    hint: 'Remove one of the two from `plugins:`.',
  }),
  REL_POINT_UNKNOWN: (p: { package: string; point: string; name: string; close: readonly string[] }) => ({
    message: `${p.package} provides "${p.name}" to ${p.point}, and no plugin of this pipeline has a point of that name.`,
    hint: didYouMean(p.close) ?? `Name the package whose plugin is called "${p.point.split('.')[0] ?? p.point}" under \`plugins:\`, or remove ${p.package}.`,
  }),
  REL_POINT_CONTRACT_MISMATCH: (p: { package: string; point: string; name: string; found: number; expected: number; owner: string }) => ({
    message: `${p.package} provides "${p.name}" for contract ${p.found} of ${p.point}; ${p.owner} has contract ${p.expected}.`,
    hint: 'Install versions of the two packages that are made for each other.',
  }),
  REL_POINT_DUPLICATE: (p: { package: string; point: string; name: string; other: string }) => ({
    message: `${p.package} and ${p.other} both provide "${p.name}" to ${p.point}.`,
    hint: 'Remove one of the two from `plugins:`.',
  }),
  REL_POINT_EMPTY: (p: { where: string; point: string; bringer?: string }) => ({
    message: `${capital(p.where)} takes what is provided to ${p.point}, and no plugin of this pipeline provides anything to it.`,
    hint: p.bringer === undefined ? 'Name a package that does under `plugins:`.' : `Name ${p.bringer} under \`plugins:\`.`,
  }),
  REL_POINT_NAME_UNKNOWN: (p: { name: string; where: string; point: string; close: readonly string[]; known: readonly string[]; bringer?: string }) => ({
    message: `No plugin of this pipeline provides "${p.name}" to ${p.point}, for ${p.where}.`,
    hint: p.bringer === undefined ? (didYouMean(p.close) ?? `Provided are ${list(p.known)}.`) : `Name ${p.bringer}, which does, under \`plugins:\`. Provided are ${list(p.known)}.`,
  }),
};
