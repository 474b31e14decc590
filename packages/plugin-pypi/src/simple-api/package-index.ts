import { StepError } from 'relpipe/plugin';

const publicIndex = 'https://pypi.org/simple';

/** Where projects are looked up, and who asks. Credentials are kept out of the URL, and so out of every message. */
export interface PackageIndex {
  /** Ends with a slash. */
  readonly url: string;
  readonly authorization: string | undefined;
}

/**
 * The index a step names, else the one that pip would use on this machine (`PIP_INDEX_URL`), else the public one.
 * @throws {StepError} `PYPI_INDEX_INVALID`
 */
export function packageIndex(named: string | undefined, environment: NodeJS.ProcessEnv): PackageIndex {
  const text = named ?? environment['PIP_INDEX_URL'] ?? publicIndex;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    const source = named === undefined ? 'PIP_INDEX_URL' : '`index`';
    throw new StepError('PYPI_INDEX_INVALID', `${source} is no http or https URL.`, {
      hint: `Write it whole, e.g. ${publicIndex}`,
    });
  }
  const login = [url.username, url.password].map(decodeURIComponent).join(':');
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  return {
    url: `${url.origin}${path}`,
    authorization: login === ':' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`,
  };
}
