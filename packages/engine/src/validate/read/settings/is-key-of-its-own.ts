import type { Path } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';

/** The types behind `run:` cannot be used by name: their command would not be prepared, and an expression could change the script. */
export function isKeyOfItsOwn(uses: string, path: Path, reading: Reading): boolean {
  if (uses !== 'relpipe.run' && uses !== 'relpipe.command') return false;
  reading.report('REL_USES_RESERVED', { uses }, path);
  return true;
}
