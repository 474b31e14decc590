import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { RouterError } from '../router-error.ts';

/** The token, and the file from which other processes can read it; absent when it came from the environment. */
export interface ControlToken {
  readonly token: string;
  readonly file?: string;
}

/**
 * Takes `RELPIPE_ROUTER_TOKEN`, else reads the file.
 * @throws RouterError TRAFFIC_ROUTER_TOKEN_UNSAFE when it is too short, or other users can read the file
 */
export async function readControlToken(file: string, environment: NodeJS.ProcessEnv = process.env): Promise<ControlToken> {
  const given = environment['RELPIPE_ROUTER_TOKEN'];
  if (given !== undefined) return { token: longEnough(given, 'RELPIPE_ROUTER_TOKEN') };
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw unsafe(`The token file ${file} can be read by other users (mode ${(mode & 0o777).toString(8)}).`, `Run: chmod 600 ${file}`);
  }
  return { token: longEnough((await readFile(file, 'utf8')).trim(), file), file };
}

/** Like `readControlToken`, but creates a token and its file where there is none. */
export async function provideControlToken(file: string, environment: NodeJS.ProcessEnv = process.env): Promise<ControlToken> {
  if (environment['RELPIPE_ROUTER_TOKEN'] === undefined) await createToken(file);
  return readControlToken(file, environment);
}

/** Compares in constant time, so that the duration reveals nothing about the token. */
export function isSameToken(given: string, token: string): boolean {
  return timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(token).digest());
}

async function createToken(file: string): Promise<void> {
  try {
    await using created = await open(file, 'wx', 0o600);
    await created.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await created.sync();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function longEnough(token: string, from: string): string {
  if (token.length >= 16) return token;
  throw unsafe(
    `The token in ${from} is shorter than 16 characters.`,
    'Use a longer random token, or remove it: then the router creates one.',
  );
}

const unsafe = (message: string, hint: string) => new RouterError('TRAFFIC_ROUTER_TOKEN_UNSAFE', message, hint);
