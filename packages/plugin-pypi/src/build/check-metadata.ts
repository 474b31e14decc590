import { StepError } from 'relpipe/plugin';
import { canonicalVersion } from '../names/canonical-version.ts';
import { normalName } from '../names/normal-name.ts';
import { normalSpecifiers } from '../names/normal-specifiers.ts';
import type { BuildConfig } from './build-config.ts';
import type { Metadata } from './read-metadata.ts';

type Wanted = Pick<BuildConfig, 'project' | 'version' | 'metadata' | 'formats'>;

/**
 * Name and version as the files spell them, after comparing everything that was asked for. All differences are told at once.
 * @throws {StepError} `PYPI_FORMAT_MISSING`, `PYPI_METADATA_DIFFERS`
 */
export function checkMetadata(wanted: Wanted, metadata: Metadata): { readonly name: string; readonly version: string } {
  const { formats = ['wheel', 'sdist'] } = wanted;
  const built = new Set(Object.keys(metadata).map((name) => (name.endsWith('.whl') ? 'wheel' : 'sdist')));
  const missing = formats.filter((format) => !built.has(format));
  if (missing.length > 0) throw new StepError('PYPI_FORMAT_MISSING', `The build gave no ${missing.join(' and no ')}.`);
  const fields = { Name: wanted.project, Version: wanted.version, ...wanted.metadata };
  const differences = Object.entries(metadata).flatMap(([file, has]) =>
    Object.entries(fields).flatMap(([field, value]) => difference(file, has, field, value) ?? []),
  );
  if (differences.length > 0) {
    throw new StepError('PYPI_METADATA_DIFFERS', `The files are not what was asked for: ${differences.join('; ')}.`, {
      hint: 'Correct pyproject.toml, or what the pipeline asks for.',
    });
  }
  const [first = []] = Object.values(metadata);
  return { name: valuesOf(first, 'Name')[0] ?? wanted.project, version: valuesOf(first, 'Version')[0] ?? wanted.version };
}

function difference(file: string, has: Metadata[string], field: string, wanted: string): string | undefined {
  const values = valuesOf(has, field);
  const inOneForm = forms[field.toLowerCase()] ?? ((text: string) => text.trim());
  if (values.some((value) => inOneForm(value) === inOneForm(wanted))) return undefined;
  return `${field} of ${file} is ${values.length === 0 ? 'missing' : values.join(', ')}, and not ${wanted}`;
}

const valuesOf = (fields: Metadata[string], name: string): readonly string[] =>
  fields.filter(([field]) => field.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

/** Fields of which two spellings say the same. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  name: normalName,
  version: (text) => canonicalVersion(text) ?? text,
  'requires-python': normalSpecifiers,
};
