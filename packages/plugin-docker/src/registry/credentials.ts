import type { Secret } from 'relpipe/plugin';

export interface Credentials {
  readonly username: string;
  readonly password: Secret;
}

export const basicAuthorization = ({ username, password }: Credentials): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
