import { join } from 'node:path';
import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { lastLines } from '../python/last-lines.ts';

/** The fields of the core metadata, in order, by file name. A field may appear several times. */
const metadata = Type.Record(Type.String(), Type.Array(Type.Tuple([Type.String(), Type.String()])));
export type Metadata = Static<typeof metadata>;

/** With Python's own means: a wheel has METADATA in its `.dist-info`, an sdist PKG-INFO in its one folder. */
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
  const read: unknown = code === 0 ? JSON.parse(stdout) : undefined;
  if (Value.Check(metadata, read)) return read;
  throw new StepError('PYPI_METADATA_UNREADABLE', `The metadata of ${names.join(', ')} could not be read:\n${lastLines(stderr)}`, {
    hint: 'The build has to give a wheel and an sdist as packaging.python.org describes them.',
  });
}
