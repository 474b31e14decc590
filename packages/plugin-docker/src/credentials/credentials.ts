import type { Secret } from 'relpipe/plugin';

/** How a registry is told who asks: a password or access token, or a token that is exchanged for access tokens (OAuth 2). */
export type Credentials =
  | { readonly username: string; readonly password: Secret }
  | { readonly identityToken: Secret };
