import type { ReadContext } from 'relpipe/plugin';
import { findCredentials } from '../credentials/find-credentials.ts';
import type { ImageReference } from '../image/reference.ts';
import type { Logins } from '../schemas.ts';
import { Repository } from './repository.ts';

/** The repository of an image, with the account that the step or the docker CLI has for its registry. */
export const openRepository = (
  { registry, host, repository }: Pick<ImageReference, 'registry' | 'host' | 'repository'>,
  { logins }: { readonly logins?: Logins },
  context: ReadContext,
): Repository => new Repository(registry, repository, () => findCredentials(host, logins, context), context);
