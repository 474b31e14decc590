import type { ReadContext } from 'relpipe/plugin';
import { tokenUser, type Login } from '../../settings/login.ts';
import type { PublishingIndex } from '../../settings/index-to-publish.ts';
import { mintToken, type MintedToken } from './mint-token.ts';

/**
 * Gives a minted token as long as two thirds of its life are left of it, and then a new one: of 15 minutes 10, so that an upload that
 * takes its time does not outlive it.
 */
export function trustedLogin(
  target: PublishingIndex,
  environment: NodeJS.ProcessEnv,
  context: ReadContext,
): () => Promise<Login> {
  let minted: (MintedToken & { readonly renewAt: number }) | undefined;
  return async () => {
    const now = context.clock.now();
    if (!minted || now >= minted.renewAt) {
      const token = await mintToken(target, environment, context);
      minted = { ...token, renewAt: now + (token.lifeMs * 2) / 3 };
      context.log('minted an upload token from the identity of this CI job');
    }
    return { username: tokenUser, password: minted.token };
  };
}
