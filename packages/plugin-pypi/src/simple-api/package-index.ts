import { StepError } from 'relpipe/plugin';

/** Where projects are looked up, and who asks. Credentials are kept out of the URL, and so out of every message. */
export interface PackageIndex {
  /** Ends with a slash. */
  readonly url: string;
  readonly authorization: string | undefined;
}

/**
 * `source` says where the text is written, because the text itself may hold a password.
 * @throws {StepError} `PYPI_INDEX_INVALID`
 */
export function packageIndex(text: string, source: string): PackageIndex {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new StepError('PYPI_INDEX_INVALID', `What ${source} says is no http or https URL.`, {
      hint: 'Write it whole, e.g. https://pypi.org/simple',
    });
  }
  const login = [url.username, url.password].map(decodeURIComponent).join(':');
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  return {
    url: `${url.origin}${path}`,
    authorization: login === ':' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
  };
}

/** The address as pip takes it. It may hold a password: for an environment, never for a command line or a message. */
export function urlWithLogin({ url, authorization }: PackageIndex): string {
  const [, login = ''] = authorization?.split(' ') ?? [];
  const [username = '', ...password] = Buffer.from(login, 'base64').toString().split(':');
  const full = new URL(url);
  full.username = encodeURIComponent(username);
  full.password = encodeURIComponent(password.join(':'));
  return full.href;
}
