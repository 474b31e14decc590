import { runCommand } from './run-command.ts';
import { programOf } from './servers.ts';

/** Uploads a file to a real index, with the user made for it. */
export async function uploadWithTwine(index: { readonly settings: Readonly<Record<string, string>> }, file: string): Promise<void> {
  const { upload = '', user = '', password = '' } = index.settings;
  const env = { TWINE_USERNAME: user, TWINE_PASSWORD: password };
  await runCommand(programOf('twine'), ['upload', '--non-interactive', '--disable-progress-bar', '--repository-url', upload, file], { env });
}
