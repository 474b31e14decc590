import type { Secret } from 'relpipe/plugin';

/** The user that uploads or deletes. With an API token the user is called `__token__`. */
export interface Login {
  readonly username: string;
  readonly password: string | Secret;
}

export const tokenUser = '__token__';

export const basicAuthorization = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${reveal(password)}`).toString('base64')}`;

/** The output without the password: not every password is a secret that the engine knows and masks. */
export function withoutPassword(output: string, login: Login | undefined): string {
  const password = login === undefined ? '' : reveal(login.password);
  return password === '' ? output : output.replaceAll(password, '***');
}

const reveal = (password: string | Secret): string => (typeof password === 'string' ? password : password.reveal());
