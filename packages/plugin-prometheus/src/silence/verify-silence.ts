import { findingFrom, isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { parseMatchers } from '../matchers/parse-matchers.ts';
import { notSettled } from '../not-settled.ts';
import { Alertmanager } from './alertmanager.ts';
import { silenceConfig } from './silence-config.ts';

/** Reads the matchers and asks the Alertmanager for its version. */
export async function verifySilence(
  config: PlannedConfig<typeof silenceConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof silenceConfig>(config)) return [notSettled];
  try {
    // Alertmanager refuses it, because it would silence everything.
    if (parseMatchers(config.matchers).every(({ matches }) => matches(''))) throw silencesAll();
    await new Alertmanager(config, context).version();
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const silencesAll = () =>
  new StepError('PROMETHEUS_MATCHER_INVALID', 'Every matcher is true for alerts without the label: that would silence all alerts.', {
    hint: 'Name at least one label that has to be there, e.g. alertname="ApiDown".',
  });
