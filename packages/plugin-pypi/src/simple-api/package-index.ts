import { StepError } from 'relpipe/plugin';
import { basicAuthorization } from '../settings/login.ts';

/** Where projects are looked up, and with which login. Credentials are kept out of the URL, and so out of every message. */
export interface PackageIndex {
  /** Ends with a slash. */
  readonly url: string;
  readonly authorization: string | undefined;
}

/**
 * `source` names the place where the address is written, because the address itself may contain a password.
 * @throws {StepError} `PYPI_URL_INVALID`
 */
export function packageIndex(address: string, source: string): PackageIndex {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new StepError('PYPI_URL_INVALID', `The address in ${source} is not a valid http or https URL.`, {
      hint: 'Write the whole address, e.g. https://pypi.org/simple',
    });
  }
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  return {
    url: `${url.origin}${url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`}`,
    authorization: username === '' && password === '' ? undefined : basicAuthorization({ username, password }),
  };
}

/** The address as pip takes it. It may contain a password: for an environment, never for a command line or a message. */
export function urlWithLogin({ url, authorization }: PackageIndex): string {
  const [, login = ''] = authorization?.split(' ') ?? [];
  const [username = '', ...password] = Buffer.from(login, 'base64').toString().split(':');
  const full = new URL(url);
  full.username = encodeURIComponent(username);
  full.password = encodeURIComponent(password.join(':'));
  return full.href;
}
