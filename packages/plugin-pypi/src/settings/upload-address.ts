import { join } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { packageIndex } from '../simple-api/package-index.ts';
import { homeIn } from './index-to-read.ts';
import { knownIndexes } from './index-software.ts';
import { readIni } from './ini.ts';
import { tokenUser, type Login } from './login.ts';

/** Where files are uploaded to, and with which login by the configuration of this machine. */
export interface UploadAddress {
  /** Without a login. */
  readonly url: string;
  readonly login: Login | undefined;
}

/** Whether the environment names an upload address; else it is that of the section `pypi` of .pypirc, or PyPI itself. */
export const isUploadConfigured = (environment: NodeJS.ProcessEnv): boolean => variables.some((name) => environment[name]);

const variables = ['TWINE_REPOSITORY_URL', 'TWINE_REPOSITORY', 'UV_PUBLISH_URL'];

/**
 * The address that a step names (a URL, or a section of .pypirc), else the one twine is configured for, else the one uv is, else
 * twine's own default, PyPI.
 * @throws {StepError} `PYPI_URL_INVALID`, `PYPI_REPOSITORY_NOT_FOUND`, `PYPI_CONFIG_UNREADABLE`
 */
export async function uploadAddress(named: string | undefined, environment: NodeJS.ProcessEnv): Promise<UploadAddress> {
  const configured = await configuredAddress(environment);
  const wanted = named === undefined ? configured : await readAddress(named, '`upload`', environment);
  // The password in the environment is for the server that the environment names, and not for any other.
  const isItsServer = !isUploadConfigured(environment) || new URL(wanted.url).origin === new URL(configured.url).origin;
  return { url: wanted.url, login: (isItsServer ? loginInEnvironment(environment) : undefined) ?? wanted.login };
}

function configuredAddress(environment: NodeJS.ProcessEnv): Promise<UploadAddress> {
  const variable = variables.find((name) => environment[name]);
  return variable === undefined
    ? readAddress('pypi', 'the default', environment)
    : readAddress(environment[variable] ?? '', variable, environment);
}

async function readAddress(address: string, source: string, environment: NodeJS.ProcessEnv): Promise<UploadAddress> {
  const section = address.includes('://') ? undefined : await pypircSection(address, source, environment);
  const { url } = packageIndex(section?.url ?? address, section?.source ?? source);
  // A slash at the end is neither added nor removed: not every server accepts one.
  return { url: (section?.url ?? address).endsWith('/') ? url : url.replace(/\/$/, ''), login: section?.login ?? loginIn(address) };
}

/** The login that twine or uv reads from the environment. */
function loginInEnvironment(environment: NodeJS.ProcessEnv): Login | undefined {
  const token = environment['UV_PUBLISH_TOKEN'];
  if (environment['TWINE_PASSWORD'])
    return { username: environment['TWINE_USERNAME'] || tokenUser, password: environment['TWINE_PASSWORD'] };
  if (token) return { username: tokenUser, password: token };
  if (environment['UV_PUBLISH_PASSWORD'])
    return { username: environment['UV_PUBLISH_USERNAME'] || tokenUser, password: environment['UV_PUBLISH_PASSWORD'] };
  return undefined;
}

async function pypircSection(name: string, source: string, environment: NodeJS.ProcessEnv) {
  const file = join(homeIn(environment), '.pypirc');
  const section = (await readIni(file))?.get(name);
  const url = section?.get('repository') ?? knownIndexes[name]?.upload;
  if (url === undefined) {
    throw new StepError('PYPI_REPOSITORY_NOT_FOUND', `${source} names the repository \`${name}\`, which ${file} does not contain.`, {
      hint: `Write its address instead, or add a section [${name}] with \`repository = https://…\` to .pypirc.`,
    });
  }
  const password = section?.get('password');
  const login = password === undefined ? undefined : { username: section?.get('username') ?? tokenUser, password };
  return { url, source: file, login };
}

function loginIn(address: string): Login | undefined {
  const { username, password } = URL.canParse(address) ? new URL(address) : { username: '', password: '' };
  return password === '' ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
