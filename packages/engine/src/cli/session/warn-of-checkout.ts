import { warn } from '../../errors/diagnostic.ts';
import { gitRoot } from '../../util/relpipe-folder.ts';
import { printFindings } from '../output.ts';
import type { OpenedStore } from '../record/open-store.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Set by the CI systems; `CI` not by Jenkins, Azure Pipelines and TeamCity. */
const variablesOfCi = ['CI', 'JENKINS_URL', 'TF_BUILD', 'TEAMCITY_VERSION'];

/** A run that may park in CI, with its journal where the checkout of the next job removes it. */
export function warnOfCheckout({ store, relpipeFolder }: OpenedStore, env: Variables): void {
  const isInCi = variablesOfCi.some((name) => env[name]);
  if (isInCi && gitRoot(relpipeFolder) !== undefined) printFindings([warn('REL_JOURNAL_IN_CHECKOUT', { file: store.place })], new Map());
}
