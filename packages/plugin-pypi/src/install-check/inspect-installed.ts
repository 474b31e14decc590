import { join } from 'node:path';
import { parseJson, StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { canonicalVersion } from '../names/canonical-version.ts';
import type { Release } from '../names/release-of.ts';
import { lastLines } from '../python/last-lines.ts';

interface Inspection {
  readonly release: Release;
  readonly folder: string;
  /** Folder of the environment's programs. */
  readonly programs: string;
  /** Empty: all at the top. */
  readonly modules: readonly string[];
}

const trouble = Type.Union([Type.String(), Type.Null()]);
const seen = Type.Object({
  version: Type.String(),
  modules: Type.Array(Type.Object({ name: Type.String(), trouble, version: Type.Union([Type.String(), Type.Null()]) })),
  scripts: Type.Array(Type.Object({ name: Type.String(), trouble, isThere: Type.Boolean() })),
});
type Seen = Static<typeof seen>;

/** Runs in the environment. What modules print while they are imported does not get between. */
const script = `
import contextlib, importlib, importlib.metadata, json, os, sys

project, programs, *names = sys.argv[1:]
dist = importlib.metadata.distribution(project)

def top():
    files = [f.parts for f in dist.files or [] if not f.parts[0].endswith(('.dist-info', '.data', '..')) and f.parts[0] != '__pycache__']
    heads = {p[0] if len(p) > 1 else p[0].split('.')[0] for p in files if len(p) > 1 or p[0].endswith(('.py', '.so', '.pyd'))}
    return sorted(h for h in heads if h.isidentifier())

def attempt(act):
    try:
        return act(), None
    except BaseException as error:
        return None, f'{type(error).__name__}: {error}'

def module(name):
    found, trouble = attempt(lambda: importlib.import_module(name))
    version = getattr(found, '__version__', None)
    return {'name': name, 'trouble': trouble, 'version': version if isinstance(version, str) else None}

def script(entry):
    isThere = any(os.path.exists(os.path.join(programs, entry.name + end)) for end in ('', '.exe'))
    return {'name': entry.name, 'trouble': attempt(entry.load)[1], 'isThere': isThere}

with contextlib.redirect_stdout(sys.stderr):
    seen = {
        'version': dist.version,
        'modules': [module(name) for name in names or top()],
        'scripts': [script(entry) for entry in dist.entry_points if entry.group == 'console_scripts'],
    }
json.dump(seen, sys.stdout)
`;

/**
 * What a user would notice at once: the version, the modules, the console scripts.
 * @throws {StepError} `PYPI_INSTALLED_OTHER`, `PYPI_IMPORT_FAILED`, `PYPI_SCRIPT_BROKEN`
 */
export async function inspectInstalled({ release, folder, programs, modules }: Inspection, context: ReadContext) {
  const argv = [join(programs, 'python'), '-I', '-c', script, release.project, programs, ...modules];
  const { code, stdout, stderr } = await context.exec(argv, { cwd: folder });
  const found = code === 0 ? parseJson(stdout) : undefined;
  if (!Value.Check(seen, found)) throw new StepError('PYPI_IMPORT_FAILED', `What was installed could not be looked at:\n${lastLines(stderr)}`);
  checkVersions(release, found);
  const failed = found.modules.find((one) => one.trouble !== null);
  if (failed) throw new StepError('PYPI_IMPORT_FAILED', `\`import ${failed.name}\` fails: ${failed.trouble ?? ''}.`, { hint: hintFor(failed.trouble ?? '') });
  if (found.modules.length === 0) {
    throw new StepError('PYPI_IMPORT_FAILED', `${release.project} brings no module, so nothing could be imported.`, {
      hint: 'SampleRequest what is in the wheel. If it is meant to be so, name what to import with `import`.',
    });
  }
  for (const { name, trouble: why, isThere } of found.scripts)
    if (why !== null || !isThere) throw new StepError('PYPI_SCRIPT_BROKEN', `The console script ${name} ${why === null ? 'was not installed' : `cannot be loaded: ${why}`}.`);
  const names = ({ name }: { readonly name: string }): string => name;
  return { version: found.version, modules: found.modules.map(names), scripts: found.scripts.map(names) };
}

/** A module that says `__version__` has to say the same: it is what users read in their bug reports. */
function checkVersions(release: Release, found: Seen): void {
  if (canonicalVersion(found.version) !== release.version)
    throw new StepError('PYPI_INSTALLED_OTHER', `${found.version} was installed, and not ${release.version}.`);
  const other = found.modules.find(({ version }) => version !== null && canonicalVersion(version) !== release.version);
  if (!other) return;
  throw new StepError('PYPI_INSTALLED_OTHER', `${other.name}.__version__ is ${other.version ?? ''}, and the version of the project ${found.version}.`, {
    hint: 'Raise it with the version of the project. If it means something else, name the modules to import with `import`.',
  });
}

const hintFor = (trouble: string): string =>
  trouble.startsWith('ModuleNotFoundError') ? 'Something is missing in the wheel, or in its dependencies.' : 'Import it by hand in a new environment.';
