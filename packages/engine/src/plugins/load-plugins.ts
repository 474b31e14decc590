import type { Plugin } from '../contract/index.ts';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import type { RawPipeline } from '../load/raw-pipeline.ts';
import { messageOf } from '../util/phrases.ts';
import { checkPluginShape } from './check-plugin-shape.ts';
import { findPackage, packageName, type FoundPackage } from './find-package.ts';
import { type PluginRegistry, RegistryBuilder } from './registry.ts';

export interface LoadedPlugins {
  readonly registry: PluginRegistry;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads the packages under `plugins:`, in addition to the built-in plugins. A run never downloads: a package that is not installed is a finding. */
export async function loadPlugins(raw: RawPipeline, builtIn: readonly Plugin[]): Promise<LoadedPlugins> {
  const wanted = rangesOf(raw);
  const loaded = await loadWantedPlugins(wanted, raw.folder, builtIn);
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
  const atLoad = loads.flatMap((loaded) => (loaded.ok ? builder.add(loaded.plugin, loaded.found, loaded.at) : loaded.diagnostics));
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
  | { readonly ok: true; readonly plugin: Plugin; readonly found: FoundPackage; readonly at: Place | undefined }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const refused = (...diagnostics: readonly Diagnostic[]): Load => ({ ok: false, diagnostics });

async function load(wanted: WantedPlugin, folder: string): Promise<Load> {
  const { package: name, at, rangeAt } = wanted;
  try {
    if (!packageName.test(name)) return refused(diagnose('REL_PLUGIN_PACKAGE_NAME_INVALID', { package: name }, at));
    const found = await findPackage(name, folder);
    if (!found) return refused(diagnose('REL_PLUGIN_NOT_INSTALLED', { package: name, folder }, at));
    const version = await checkVersion(found, wanted.range, folder, rangeAt);
    return version ? refused(version) : await importPlugin(found, at);
  } catch (error) {
    return refused(diagnose('REL_PLUGIN_LOAD_FAILED', { package: name, because: messageOf(error) }, at));
  }
}

async function importPlugin(found: FoundPackage, at: Place | undefined): Promise<Load> {
  const shape = checkPluginShape(found.name, await import(found.entry), at);
  return shape.ok ? { ok: true, plugin: shape.plugin, found, at } : refused(...shape.diagnostics);
}

async function checkVersion(found: FoundPackage, range: string, folder: string, at: Place | undefined): Promise<Diagnostic | undefined> {
  const { rangeFit } = await import('./range-fit.ts');
  const fit = rangeFit(found.version, range);
  if (fit === 'inside') return undefined;
  if (fit === 'invalid') return diagnose('REL_PLUGIN_RANGE_INVALID', { package: found.name, range }, at);
  return diagnose('REL_PLUGIN_VERSION_MISMATCH', { package: found.name, range, version: found.version, folder }, at);
}
