import { StepError } from 'relpipe/plugin';

/** What the cluster gives is no object of this kind, or a rule of it sends traffic nowhere. */
export const unreadableRoute = (kind: string, problem: string) =>
  new StepError('KUBERNETES_ROUTE_UNREADABLE', `The ${kind} ${problem}.`, {
    hint: 'Its rule has to name both sides, the candidate with weight 0 before the release.',
  });
