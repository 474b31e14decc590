import { isStepError, StepError, type ReadContext } from 'relpipe/plugin';

/** The first scanner that is on this machine, with what it is asked. @throws {StepError} `DOCKER_SCANNER_MISSING` */
export async function chooseScanner(image: string, context: ReadContext): Promise<readonly string[]> {
  if (await isThere('trivy', context)) return ['trivy', 'image', '--quiet', '--scanners', 'vuln', '--format', 'json', image];
  if (await isThere('grype', context)) return ['grype', image, '--quiet', '--output', 'json'];
  throw new StepError('DOCKER_SCANNER_MISSING', 'There is neither trivy nor grype on this machine.', { hint: 'Install one of them, or name another scanner in `command`.' });
}

async function isThere(program: string, context: ReadContext): Promise<boolean> {
  try {
    return (await context.exec([program, '--version'])).code === 0;
  } catch (error) {
    context.signal.throwIfAborted();
    if (isStepError(error) || (error instanceof Error && 'code' in error && error.code === 'ENOENT')) return false;
    throw error;
  }
}
