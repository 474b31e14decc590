import { homedir } from 'node:os';
import { join } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { packageIndex } from '../simple-api/package-index.ts';
import { knownIndexes } from './known-indexes.ts';
import { tokenUser, type Login } from './login.ts';
import { readIni } from './read-ini.ts';

/** Where files are uploaded to, and who does it by the settings of this machine. */
export interface UploadAddress {
  /** Without a login. */
  readonly url: string;
  readonly login: Login | undefined;
}

/** Whether the environment says where to upload to; else it is what .pypirc says of PyPI, or PyPI itself. */
export const isUploadConfigured = (environment: NodeJS.ProcessEnv): boolean => variables.some((name) => environment[name]);

const variables = ['TWINE_REPOSITORY_URL', 'TWINE_REPOSITORY', 'UV_PUBLISH_URL'];

/**
 * The address a step names (an URL, or a section of .pypirc), else the one twine is configured for, else the one uv is, else twine's
 * own default, PyPI.
 * @throws {StepError} `PYPI_INDEX_INVALID`, `PYPI_REPOSITORY_UNKNOWN`, `PYPI_SETTINGS_UNREADABLE`
 */
export async function uploadAddress(named: string | undefined, environment: NodeJS.ProcessEnv): Promise<UploadAddress> {
  const configured = await configuredAddress(environment);
  const asked = named === undefined ? configured : await readAddress(named, '`upload`', environment);
  // The password in the environment is for the server that the environment names, and not for any other.
  const isItsServer = !isUploadConfigured(environment) || new URL(asked.url).origin === new URL(configured.url).origin;
  return { url: asked.url, login: (isItsServer ? fromEnvironment(environment) : undefined) ?? asked.login };
}

function configuredAddress(environment: NodeJS.ProcessEnv): Promise<UploadAddress> {
  const variable = variables.find((name) => environment[name]);
  return variable === undefined
    ? readAddress('pypi', 'the default', environment)
    : readAddress(environment[variable] ?? '', variable, environment);
}

async function readAddress(text: string, source: string, environment: NodeJS.ProcessEnv): Promise<UploadAddress> {
  const section = text.includes('://') ? undefined : await pypircSection(text, source, environment);
  const { url } = packageIndex(section?.url ?? text, section?.source ?? source);
  // It keeps its end as it is written: not every server takes a slash there.
  return { url: (section?.url ?? text).endsWith('/') ? url : url.replace(/\/$/, ''), login: section?.login ?? loginIn(text) };
}

/** What twine and uv read from the environment. */
function fromEnvironment(environment: NodeJS.ProcessEnv): Login | undefined {
  const token = environment['UV_PUBLISH_TOKEN'];
  if (environment['TWINE_PASSWORD'])
    return { username: environment['TWINE_USERNAME'] || tokenUser, password: environment['TWINE_PASSWORD'] };
  if (token) return { username: tokenUser, password: token };
  if (environment['UV_PUBLISH_PASSWORD'])
    return { username: environment['UV_PUBLISH_USERNAME'] || tokenUser, password: environment['UV_PUBLISH_PASSWORD'] };
  return undefined;
}

async function pypircSection(name: string, source: string, environment: NodeJS.ProcessEnv) {
  const file = join(environment['HOME'] ?? environment['USERPROFILE'] ?? homedir(), '.pypirc');
  const section = (await readIni(file))?.get(name);
  const url = section?.get('repository') ?? knownIndexes[name]?.upload;
  if (url === undefined) {
    throw new StepError('PYPI_REPOSITORY_UNKNOWN', `${source} names the repository \`${name}\`, which ${file} does not have.`, {
      hint: `Write its address instead, or add a section [${name}] with \`repository = https://…\` to .pypirc.`,
    });
  }
  const password = section?.get('password');
  const login = password === undefined ? undefined : { username: section?.get('username') ?? tokenUser, password };
  return { url, source: file, login };
}

function loginIn(text: string): Login | undefined {
  const { username, password } = URL.canParse(text) ? new URL(text) : { username: '', password: '' };
  return password === '' ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
