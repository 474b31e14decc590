import { join } from 'node:path';
import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { lastLines } from '../commands.ts';
import { normalName } from '../names/release.ts';
import { canonicalSpecifiers, canonicalVersion } from '../names/versions.ts';
import type { BuildConfig } from './build.ts';

/** The fields of the core metadata, in order, by file name. A field may appear several times. */
const metadataSchema = Type.Record(Type.String(), Type.Array(Type.Tuple([Type.String(), Type.String()])));
type Metadata = Static<typeof metadataSchema>;

/** Reads with Python's own modules: a wheel has METADATA in its `.dist-info`, an sdist PKG-INFO in its one folder. */
const script = `
import email.parser, json, os, sys, tarfile, zipfile

def read(path):
    if path.endswith('.whl'):
        with zipfile.ZipFile(path) as wheel:
            name, = (n for n in wheel.namelist() if n.count('/') == 1 and n.endswith('.dist-info/METADATA'))
            return wheel.read(name)
    with tarfile.open(path) as sdist:
        name, = (n for n in sdist.getnames() if n.count('/') == 1 and n.endswith('/PKG-INFO'))
        return sdist.extractfile(name).read()

def fields(path):
    return email.parser.HeaderParser().parsestr(read(path).decode('utf-8')).items()

json.dump({os.path.basename(path): [[k, str(v)] for k, v in fields(path)] for path in sys.argv[1:]}, sys.stdout)
`;

/** @throws {StepError} `PYPI_METADATA_UNREADABLE` */
export async function readMetadata(python: string, folder: string, names: readonly string[], context: ReadContext): Promise<Metadata> {
  const { code, stdout, stderr } = await context.exec([python, '-I', '-c', script, ...names.map((name) => join(folder, name))]);
  const read = code === 0 ? parseJson(stdout) : undefined;
  if (Value.Check(metadataSchema, read)) return read;
  throw new StepError('PYPI_METADATA_UNREADABLE', `The metadata of ${names.join(', ')} could not be read:\n${lastLines(stderr)}`, {
    hint: 'The build has to produce a wheel and an sdist as packaging.python.org describes them.',
  });
}

type Wanted = Pick<BuildConfig, 'project' | 'version' | 'metadata' | 'formats'>;

/**
 * Name and version as the files spell them, after comparing everything that was asked for. All differences are reported at once.
 * @throws {StepError} `PYPI_FORMAT_MISSING`, `PYPI_METADATA_MISMATCH`
 */
export function checkMetadata(wanted: Wanted, metadata: Metadata): { readonly name: string; readonly version: string } {
  const { formats = ['wheel', 'sdist'] } = wanted;
  const built = new Set(Object.keys(metadata).map((name) => (name.endsWith('.whl') ? 'wheel' : 'sdist')));
  const missing = formats.filter((format) => !built.has(format));
  if (missing.length > 0) {
    throw new StepError('PYPI_FORMAT_MISSING', `The build produced no ${missing.join(' and no ')}.`, {
      hint: 'Check the build back end in pyproject.toml, or set `formats` to what it produces.',
    });
  }
  const fields = { Name: wanted.project, Version: wanted.version, ...wanted.metadata };
  const differences = Object.entries(metadata).flatMap(([file, has]) =>
    Object.entries(fields).flatMap(([field, value]) => difference(file, has, field, value) ?? []),
  );
  if (differences.length > 0) {
    throw new StepError('PYPI_METADATA_MISMATCH', `The metadata of the built files is not as expected: ${differences.join('; ')}.`, {
      hint: 'Correct pyproject.toml, or `project`, `version` and `metadata` of this step.',
    });
  }
  const [first = []] = Object.values(metadata);
  return { name: valuesOf(first, 'Name')[0] ?? wanted.project, version: valuesOf(first, 'Version')[0] ?? wanted.version };
}

function difference(file: string, has: Metadata[string], field: string, wanted: string): string | undefined {
  const values = valuesOf(has, field);
  const canonical = canonicalForms[field.toLowerCase()] ?? ((value: string) => value.trim());
  if (values.some((value) => canonical(value) === canonical(wanted))) return undefined;
  return `${field} of ${file} is ${values.length === 0 ? 'missing' : values.join(', ')}, expected ${wanted}`;
}

const valuesOf = (fields: Metadata[string], name: string): readonly string[] =>
  fields.filter(([field]) => field.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

/** Fields in which two spellings may mean the same. */
const canonicalForms: Readonly<Record<string, (value: string) => string>> = {
  name: normalName,
  version: (value) => canonicalVersion(value) ?? value,
  'requires-python': canonicalSpecifiers,
};
