import type { Secret } from 'relpipe/plugin';

/** Who uploads or removes. With an API token the user is called `__token__`. */
export interface Login {
  readonly username: string;
  readonly password: string | Secret;
}

export const tokenUser = '__token__';

export const basicAuthorization = ({ username, password }: Login): string =>
  `Basic ${Buffer.from(`${username}:${textOf(password)}`).toString('base64')}`;

/** The text without the password: not every one of them is a secret that the engine knows and masks. */
export function withoutPassword(text: string, login: Login | undefined): string {
  const password = login === undefined ? '' : textOf(login.password);
  return password === '' ? text : text.replaceAll(password, '***');
}

const textOf = (password: string | Secret): string => (typeof password === 'string' ? password : password.reveal());
