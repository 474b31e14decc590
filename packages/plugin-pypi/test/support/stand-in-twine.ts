import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ExecOptions, ExecResult } from 'relpipe/plugin';

type Exec = (argv: readonly string[], options?: ExecOptions) => Promise<ExecResult>;

export interface StandInTwine {
  readonly exec: Exec;
  /** Every command line. */
  readonly called: (readonly string[])[];
}

/** Stands in for twine where none is installed: the same request, and the same output. The tests in `servers` run the real one. */
export function standInTwine(before: () => unknown = () => undefined): StandInTwine {
  const called: (readonly string[])[] = [];
  const exec: Exec = async (argv, { env = {} } = {}) => {
    called.push(argv);
    if (argv[0] !== 'twine') throw new Error(`${String(argv[0])} is not there`);
    if (argv[1] === '--version') return { code: 0, stdout: 'twine version 7.0.0', stderr: '' };
    await before();
    const [username = '', password = ''] = ['TWINE_USERNAME', 'TWINE_PASSWORD'].map((name) => textOf(env[name]));
    return post(argv.at(argv.indexOf('--repository-url') + 1) ?? '', argv.at(-1) ?? '', `${username}:${password}`);
  };
  return { exec, called };
}

const textOf = (value: ExecOptions['env'] extends infer E ? (E extends Readonly<Record<string, infer V>> ? V | undefined : never) : never): string =>
  value === undefined ? '' : typeof value === 'string' ? value : value.reveal();

async function post(url: string, path: string, login: string): Promise<ExecResult> {
  const bytes = new Uint8Array(await readFile(path));
  const [name = '', version = ''] = basename(path).split('-');
  const form = new FormData();
  const fields = { ':action': 'file_upload', protocol_version: '1', metadata_version: '2.4', name, version, filetype: 'bdist_wheel' };
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('sha256_digest', createHash('sha256').update(bytes).digest('hex'));
  form.set('content', new File([bytes], basename(path)));
  try {
    const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    const response = await fetch(url, { method: 'POST', body: form, headers: { authorization } });
    const printed = `HTTPError: ${response.status} ${response.statusText} from ${url}\n${await response.text()}`;
    return response.ok ? { code: 0, stdout: 'Uploading', stderr: '' } : { code: 1, stdout: 'Uploading', stderr: `ERROR    ${printed}` };
  } catch (error) {
    return { code: 1, stdout: 'Uploading', stderr: `ERROR    ConnectionError: ${String(error)}` };
  }
}
