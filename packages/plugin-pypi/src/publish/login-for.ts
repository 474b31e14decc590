import { StepError, type ReadContext } from 'relpipe/plugin';
import type { PublishingIndex } from '../settings/index-to-publish.ts';
import { findKnownIndex } from '../settings/index-software.ts';
import { tokenUser, type Login } from '../settings/login.ts';
import type { PublishConfig } from './publish.ts';
import { hasCiIdentity, trustedLogin } from './trusted-publishing.ts';

type LoginConfig = Pick<PublishConfig, 'token' | 'username' | 'trusted-publishing'>;

/**
 * The login for an upload, asked for before each file because a minted token expires soon: the step's own token, else the login that
 * twine and uv are configured with, else the CI job's identity; undefined leaves it to the tool, which may have a keyring.
 * @throws {StepError} `PYPI_OIDC_TOKEN_MISSING`, and the errors of minting
 */
export async function loginFor(
  config: LoginConfig,
  target: PublishingIndex,
  context: ReadContext,
): Promise<() => Promise<Login | undefined>> {
  const { token, username = tokenUser, 'trusted-publishing': trusted = 'auto' } = config;
  if (trusted === 'always') {
    if (!hasCiIdentity(process.env)) throw noIdentity();
    return trustedLogin(target, process.env, context);
  }
  const own = token === undefined ? target.login : { username, password: token };
  if (own) return async () => own;
  const isTrusted = trusted === 'auto' && findKnownIndex(target.url) !== undefined && hasCiIdentity(process.env);
  return isTrusted ? trustedLogin(target, process.env, context) : async () => undefined;
}

export const noIdentity = (): StepError =>
  new StepError('PYPI_OIDC_TOKEN_MISSING', 'This process has no identity of a CI job from which an upload token could be minted.', {
    hint: 'On GitHub, give the job `permissions: { id-token: write }`; on GitLab, `id_tokens: { PYPI_ID_TOKEN: { aud: pypi } }`. Or set `token`.',
  });
