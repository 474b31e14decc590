import { virtualContext, type VirtualContext } from '@relpipe/testing/step-context';

/** A virtual context in which `whileAsleep` happens whenever the step sleeps. */
export function sleepingContext<State>(whileAsleep: () => unknown, signal = new AbortController().signal): VirtualContext<State> {
  const context = virtualContext<State>({ signal });
  const sleep = async (ms: number): Promise<void> => {
    await context.clock.sleep(ms);
    await whileAsleep();
  };
  return { ...context, clock: { ...context.clock, sleep } };
}
