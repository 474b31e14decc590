import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { chooseRollbackConfig } from './choose-rollback-config.ts';
import { runChooseRollback } from './run-choose-rollback.ts';

/** Whether there is a version to go back to, before anything is released. None at all is only told: every project has a first release. */
export async function verifyChooseRollback(
  config: PlannedConfig<typeof chooseRollbackConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof chooseRollbackConfig>(config)) return [notSettled('Which version to go back from')];
  try {
    await runChooseRollback(config, { ...context, log: () => undefined });
    return [];
  } catch (error) {
    const finding = findingFrom(error);
    return [nothingThere.includes(finding.code) ? { ...finding, level: 'warning' } : finding];
  }
}

const nothingThere = ['PYPI_NO_TARGET', 'PYPI_PROJECT_MISSING'];
