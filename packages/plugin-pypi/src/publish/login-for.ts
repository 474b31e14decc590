import { StepError, type ReadContext } from 'relpipe/plugin';
import { findKnownIndex } from '../settings/known-indexes.ts';
import { tokenUser, type Login } from '../settings/login.ts';
import type { PublishingIndex } from '../settings/index-to-publish.ts';
import type { PublishConfig } from './publish-config.ts';
import { hasCiIdentity } from './trusted/ci-identity.ts';
import { trustedLogin } from './trusted/trusted-login.ts';

type LoginConfig = Pick<PublishConfig, 'token' | 'username' | 'trusted-publishing'>;

/**
 * Who uploads, asked before each file because a minted token does not live long: the step's own token, else what twine and uv are
 * configured with, else the CI's identity; undefined leaves it to the tool, which may have a keyring.
 * @throws {StepError} `PYPI_NO_IDENTITY`, and what minting throws
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
  const isMeant = trusted === 'auto' && findKnownIndex(target.url) !== undefined && hasCiIdentity(process.env);
  return isMeant ? trustedLogin(target, process.env, context) : async () => undefined;
}

export const noIdentity = (): StepError =>
  new StepError('PYPI_NO_IDENTITY', 'There is no identity of a CI job to mint a token from.', {
    hint: 'On GitHub give the job `permissions: { id-token: write }`; on GitLab give it `id_tokens: { PYPI_ID_TOKEN: { aud: pypi } }`. Or give `token`.',
  });
