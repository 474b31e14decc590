import type { Plugin } from '../contract/index.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import type { RawPipeline } from '../load/raw-pipeline.ts';
import { messageOf } from '../util/phrases.ts';
import { version } from '../util/version.ts';
import { checkPluginShape } from './check-plugin-shape.ts';
import { findPackage, packageName, type FoundPackage } from './find-package.ts';
import { howToInstall } from './install-command.ts';
import { type PluginRegistry, RegistryBuilder } from './registry.ts';

export interface LoadedPlugins {
  readonly registry: PluginRegistry;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Loads the packages under `plugins:`, in addition to the built-in plugins. A run never downloads: a package that is not installed is a finding.
 * @param folder where they are looked for; a file that another one includes has the plugins of that one's folder
 */
export async function loadPlugins(raw: RawPipeline, builtIn: readonly Plugin[], folder = raw.folder): Promise<LoadedPlugins> {
  const wanted = rangesOf(raw);
  const loaded = await loadWantedPlugins(wanted, folder, builtIn);
  const isAllRead = wanted.length === Object.keys(raw.root?.['plugins'] ?? {}).length;
  return isAllRead ? loaded : { ...loaded, registry: { ...loaded.registry, incomplete: true } };
}

/** The same for a list of packages: a recorded plan has them without the file. */
export async function loadWantedPlugins(
  wanted: readonly WantedPlugin[],
  folder: string,
  builtIn: readonly Plugin[],
): Promise<LoadedPlugins> {
  const builder = new RegistryBuilder(builtIn);
  const loads = await Promise.all(wanted.map((plugin) => load(plugin, folder)));
  const missing = loads.flatMap((loaded) => ('missing' in loaded ? [loaded.missing] : []));
  const atLoad = [...notInstalled(missing, folder), ...loads.flatMap((loaded) => enter(builder, loaded))];
  const { registry, diagnostics } = builder.build(atLoad.length > 0);
  return { registry, diagnostics: [...atLoad, ...diagnostics] };
}

export interface WantedPlugin {
  readonly package: string;
  /** A version range of npm. */
  readonly range: string;
  /** The place in the file that names it. */
  readonly at?: Place;
  readonly rangeAt?: Place;
  /** Of a recorded plan: the version that has to be installed, where none is. */
  readonly recorded?: string;
}

/** A range that is not a string is reported by the structure rules. */
function rangesOf(raw: RawPipeline): WantedPlugin[] {
  const plugins = raw.root?.['plugins'];
  if (typeof plugins !== 'object' || plugins === null || Array.isArray(plugins)) return [];
  return Object.entries(plugins).flatMap(([name, range]) =>
    typeof range === 'string' ? [{ package: name, range, at: raw.placeOfKey(['plugins', name]), rangeAt: raw.placeOf(['plugins', name]) }] : [],
  );
}

type Load =
  | { readonly plugin: Plugin; readonly found: FoundPackage; readonly at: Place | undefined }
  | { readonly missing: WantedPlugin }
  | { readonly diagnostics: readonly Diagnostic[] };

const refused = (...diagnostics: readonly Diagnostic[]): Load => ({ diagnostics });

function enter(builder: RegistryBuilder, loaded: Load): readonly Diagnostic[] {
  if ('plugin' in loaded) return builder.add(loaded.plugin, loaded.found, loaded.at);
  return 'diagnostics' in loaded ? loaded.diagnostics : [];
}

/** One finding with one command, however many are missing. */
function notInstalled(missing: readonly WantedPlugin[], folder: string): readonly Diagnostic[] {
  const [first, ...others] = missing;
  if (first === undefined) return [];
  const install = howToInstall(folder, missing.map(({ package: name, range, recorded = range }) => ({ package: name, range: recorded })));
  const related = others.flatMap(({ package: name, at }) => (at === undefined || at === first.at ? [] : [{ at, note: `${name} is not installed either.` }]));
  return [diagnose('REL_PLUGIN_NOT_INSTALLED', { packages: missing.map(({ package: name }) => name), install }, first.at, related)];
}

async function load(wanted: WantedPlugin, folder: string): Promise<Load> {
  const { package: name, at } = wanted;
  try {
    if (!packageName.test(name)) return refused(diagnose('REL_PLUGIN_PACKAGE_NAME_INVALID', { package: name }, at));
    const found = await findPackage(name, folder);
    if (!found) return { missing: wanted };
    const misfit = await checkVersions(found, wanted, folder);
    return misfit ? refused(misfit) : await importPlugin(found, at);
  } catch (error) {
    return refused(diagnose('REL_PLUGIN_LOAD_FAILED', { package: name, because: messageOf(error) }, at));
  }
}

async function importPlugin(found: FoundPackage, at: Place | undefined): Promise<Load> {
  const shape = checkPluginShape(found.name, await import(found.entry), at);
  return shape.ok ? { plugin: shape.plugin, found, at } : refused(...shape.diagnostics);
}

async function checkVersions(found: FoundPackage, { range, at, rangeAt }: WantedPlugin, folder: string): Promise<Diagnostic | undefined> {
  const { rangeFit } = await import('./range-fit.ts');
  const { name: packageName, version: installed, needs } = found;
  const fit = rangeFit(installed, range);
  if (fit === 'invalid') return diagnose('REL_PLUGIN_RANGE_INVALID', { package: packageName, range }, rangeAt);
  if (fit === 'outside') {
    const install = howToInstall(folder, [{ package: packageName, range }]);
    return diagnose('REL_PLUGIN_VERSION_MISMATCH', { package: packageName, range, version: installed, install }, rangeAt);
  }
  const engines = [
    { engine: 'relpipe', range: needs.relpipe, here: version },
    { engine: 'Node.js', range: needs.node, here: process.versions.node },
  ];
  // What is not a range of npm, such as `workspace:*` in a clone, says nothing.
  const other = engines.find((one) => one.range !== undefined && rangeFit(one.here, one.range) === 'outside');
  return other && diagnose('REL_PLUGIN_ENGINE_MISMATCH', { package: packageName, version: installed, ...other, range: other.range ?? '' }, at);
}
