import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '../real-servers.ts';
import { runCommand } from '../run-command.ts';

/** A folder to build a small image from without pulling anything: busybox, linked statically, alone. `more` are further lines of its Dockerfile. */
export function writeImageSource(folder: string, ...more: readonly string[]): void {
  copyFileSync(programOf('busybox'), join(folder, 'busybox'));
  writeFileSync(join(folder, 'Dockerfile'), ['FROM scratch', 'COPY busybox /bin/busybox', ...more, 'ENTRYPOINT ["/bin/busybox"]', ''].join('\n'));
}

/** Debian's engine brings the classic builder only. */
export async function buildImage(engine: { readonly url: string }, folder: string, tag: string): Promise<void> {
  writeImageSource(folder);
  await runCommand('docker', ['build', '--quiet', '--tag', tag, folder], { env: { DOCKER_HOST: engine.url, DOCKER_BUILDKIT: '0' } });
}
