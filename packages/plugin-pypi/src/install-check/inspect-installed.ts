import { join } from 'node:path';
import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { lastLines } from '../commands.ts';
import type { Release } from '../names/release.ts';
import { canonicalVersion } from '../names/versions.ts';

interface Inspection {
  readonly release: Release;
  readonly folder: string;
  /** Folder of the environment's programs. */
  readonly programs: string;
  /** Empty: all top-level modules. */
  readonly modules: readonly string[];
}

/** Why an import failed; null where it succeeded. */
const error = Type.Union([Type.String(), Type.Null()]);
const reportSchema = Type.Object({
  version: Type.String(),
  modules: Type.Array(Type.Object({ name: Type.String(), error, version: Type.Union([Type.String(), Type.Null()]) })),
  scripts: Type.Array(Type.Object({ name: Type.String(), error, exists: Type.Boolean() })),
});
type Report = Static<typeof reportSchema>;

/** Runs in the environment. Modules that print while they are imported do not disturb the report. */
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
    except BaseException as failure:
        return None, f'{type(failure).__name__}: {failure}'

def module(name):
    found, error = attempt(lambda: importlib.import_module(name))
    version = getattr(found, '__version__', None)
    return {'name': name, 'error': error, 'version': version if isinstance(version, str) else None}

def script(entry):
    exists = any(os.path.exists(os.path.join(programs, entry.name + end)) for end in ('', '.exe'))
    return {'name': entry.name, 'error': attempt(entry.load)[1], 'exists': exists}

with contextlib.redirect_stdout(sys.stderr):
    report = {
        'version': dist.version,
        'modules': [module(name) for name in names or top()],
        'scripts': [script(entry) for entry in dist.entry_points if entry.group == 'console_scripts'],
    }
json.dump(report, sys.stdout)
`;

/**
 * The version, the modules and the console scripts: the things a user notices at once.
 * @throws {StepError} `PYPI_INSTALLED_VERSION_MISMATCH`, `PYPI_IMPORT_FAILED`, `PYPI_SCRIPT_BROKEN`
 */
export async function inspectInstalled({ release, folder, programs, modules }: Inspection, context: ReadContext) {
  const argv = [join(programs, 'python'), '-I', '-c', script, release.project, programs, ...modules];
  const { code, stdout, stderr } = await context.exec(argv, { cwd: folder });
  const report = code === 0 ? parseJson(stdout) : undefined;
  if (!Value.Check(reportSchema, report))
    throw new StepError('PYPI_IMPORT_FAILED', `The installed package could not be inspected:\n${lastLines(stderr)}`);
  refuseOtherVersions(release, report);
  refuseFailedImports(release, report);
  refuseBrokenScripts(report);
  return { version: report.version, modules: report.modules.map(({ name }) => name), scripts: report.scripts.map(({ name }) => name) };
}

/** A module that has a `__version__` has to state the same version: users quote it in their bug reports. */
function refuseOtherVersions({ version: expected }: Release, { version: installed, modules }: Report): void {
  if (canonicalVersion(installed) !== expected)
    throw new StepError('PYPI_INSTALLED_VERSION_MISMATCH', `Version ${installed} was installed, expected ${expected}.`, {
      hint: 'Check which version the metadata of the wheel states.',
    });
  const other = modules.find(({ version }) => version !== null && canonicalVersion(version) !== expected);
  if (!other) return;
  throw new StepError(
    'PYPI_INSTALLED_VERSION_MISMATCH',
    `${other.name}.__version__ is ${other.version ?? ''}, but the version of the project is ${installed}.`,
    {
      hint: 'Change both together. If `__version__` means something else, name the modules to import in `import`.',
    },
  );
}

function refuseFailedImports({ project }: Release, { modules }: Report): void {
  const failed = modules.find((module) => module.error !== null);
  if (failed) {
    const why = failed.error ?? '';
    throw new StepError('PYPI_IMPORT_FAILED', `\`import ${failed.name}\` failed: ${why}.`, {
      hint: why.startsWith('ModuleNotFoundError')
        ? 'A module is missing from the wheel or from its dependencies.'
        : 'Import it by hand in a new environment.',
    });
  }
  if (modules.length > 0) return;
  throw new StepError('PYPI_IMPORT_FAILED', `${project} contains no module, so nothing could be imported.`, {
    hint: 'Check the contents of the wheel. If this is intended, name the modules to import in `import`.',
  });
}

function refuseBrokenScripts({ scripts }: Report): void {
  const broken = scripts.find((entry) => entry.error !== null || !entry.exists);
  if (!broken) return;
  const why = broken.error === null ? 'was not installed' : `cannot be loaded: ${broken.error}`;
  throw new StepError('PYPI_SCRIPT_BROKEN', `The console script ${broken.name} ${why}.`, {
    hint: 'Check [project.scripts] in pyproject.toml.',
  });
}
