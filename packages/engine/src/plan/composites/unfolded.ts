import type { Handle, Later, Unfolding } from '../../contract/index.ts';
import type { StepKey } from '../plan.ts';

interface Child {
  readonly id: string;
  readonly gates: readonly string[];
  readonly when?: Later<boolean>;
}

/** What a composite added. */
export type UnfoldedChild = Child &
  (
    | { readonly kind: 'step'; readonly uses: string; readonly with: unknown }
    | { readonly kind: 'hold'; readonly for: number | Later<number> }
    | { readonly kind: 'approval'; readonly ask: string | Later<string> }
  );

/** Collects what a composite adds; outputs of a child are read by its key. */
export function collectChildren(keyOf: (id: string) => StepKey): { readonly into: Unfolding; readonly children: readonly UnfoldedChild[] } {
  const children: UnfoldedChild[] = [];
  const common = (id: string, { gates = [], when }: { readonly gates?: readonly string[]; readonly when?: Later<boolean> }): Child => ({
    id,
    gates,
    ...(when && { when }),
  });
  const into: Unfolding = {
    step(id, child) {
      children.push({ ...common(id, child), kind: 'step', uses: child.uses, with: child.with });
      return handleOf(keyOf(id));
    },
    hold(id, child) {
      children.push({ ...common(id, child), kind: 'hold', for: child.for });
    },
    approval(id, child) {
      children.push({ ...common(id, child), kind: 'approval', ask: child.ask });
    },
  };
  return { into, children };
}

const handleOf = (key: StepKey): Handle<never> => ({
  output: (name: string) => ({ $later: `outputs[${JSON.stringify(key)}].${name}` }),
});
