import { onTestFinished } from 'vitest';
import { realDocker, type RealDocker } from './real-docker.ts';

interface Image extends RealDocker {
  readonly image: string;
  /** IDs of the containers of the image. */
  containers(): Promise<string>;
}

/** An image of busybox with these lines in its Dockerfile; when the test ends, it is removed with the containers of it. */
export async function imageWith(...lines: readonly string[]): Promise<Image> {
  const given = realDocker();
  const image = `t-${given.id}:1`;
  // An image of its own: of equal ones the engine makes one, and finds the containers of all tests by it.
  given.writeImage(`LABEL test=${given.id}`, ...lines);
  await given.docker('build', '--quiet', '--tag', image, '.');
  const containers = (): Promise<string> => given.docker('ps', '--all', '--quiet', '--no-trunc', '--filter', `ancestor=${image}`);
  onTestFinished(async () => {
    const left = await containers();
    if (left !== '') await given.docker('rm', '--force', ...left.split('\n'));
    await given.docker('image', 'rm', '--force', image);
  });
  return { ...given, image, containers };
}
