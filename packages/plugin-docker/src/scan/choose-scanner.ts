import { StepError, type ReadContext } from 'relpipe/plugin';
import { execIfThere } from '../cli/exec-if-there.ts';

/** The first scanner that is on this machine, with what it is asked. @throws {StepError} `DOCKER_SCANNER_MISSING` */
export async function chooseScanner(image: string, context: ReadContext): Promise<readonly string[]> {
  if (await isThere('trivy', context)) return ['trivy', 'image', '--quiet', '--scanners', 'vuln', '--format', 'json', image];
  if (await isThere('grype', context)) return ['grype', image, '--quiet', '--output', 'json'];
  throw new StepError('DOCKER_SCANNER_MISSING', 'There is neither trivy nor grype on this machine.', { hint: 'Install one of them, or name another scanner in `command`.' });
}

const isThere = async (program: string, context: ReadContext): Promise<boolean> => (await execIfThere([program, '--version'], context))?.code === 0;
