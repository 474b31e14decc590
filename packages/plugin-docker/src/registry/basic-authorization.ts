import type { Credentials } from '../credentials/credentials.ts';

export const basicAuthorization = ({ username, password }: Extract<Credentials, { username: string }>): string =>
  `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString('base64')}`;
