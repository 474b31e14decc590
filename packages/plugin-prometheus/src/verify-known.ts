import { isFullyKnown, type Finding, type PlannedConfig, type Static, type TSchema } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';

/**
 * Runs a check before the run; a `StepError` that it throws becomes its finding. A configuration that depends on steps that have not run
 * yet is not checked, with a warning.
 */
export async function verifyKnown<C extends TSchema>(
  config: PlannedConfig<C>,
  check: (config: Static<C>) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<C>(config)) return [notChecked];
  try {
    return await check(config);
  } catch (error) {
    return [findingFrom(error)];
  }
}

const notChecked: Finding = {
  level: 'warning',
  code: 'PROMETHEUS_NOT_CHECKED',
  message: 'The configuration could not be checked: it depends on steps that have not run yet.',
};
