// Checked by the compiler alone: each `@ts-expect-error` is an error itself as soon as the contract lets the mistake through.
import { Type } from 'typebox';
import { definePlugin, defineStep, isLater, isFullyKnown, point, secret, type Provision } from '../../src/contract/index.ts';

const nothing = Type.Object({});

// @ts-expect-error who says that undoing is automatic has to be able to do it
defineStep({ summary: 'Cannot be undone', with: nothing, outputs: nothing, onLost: 'retry', run: async () => ({}) });

// @ts-expect-error who wants to be asked whether it happened has to answer
defineStep({ summary: 'Cannot be asked', with: nothing, outputs: nothing, onLost: 'probe', rollback: 'nothing', run: async () => ({}) });

defineStep({
  summary: 'Gives another output than it says',
  with: nothing,
  outputs: Type.Object({ replicas: Type.Integer() }),
  onLost: 'retry',
  rollback: 'nothing',
  // @ts-expect-error a text is no number of replicas
  run: async () => ({ replicas: 'three' }),
});

defineStep({
  summary: 'Saves another state than it says',
  with: nothing,
  outputs: nothing,
  state: Type.Object({ weight: Type.Number() }),
  onLost: 'retry',
  rollback: 'nothing',
  async run(_config, context) {
    // @ts-expect-error a weight is a number
    await context.saveState({ weight: '10%' });
    return {};
  },
});

defineStep({
  summary: 'Gives a secret away',
  with: Type.Object({ token: secret('Of the registry') }),
  outputs: Type.Object({ token: Type.String() }),
  onLost: 'retry',
  rollback: 'nothing',
  // @ts-expect-error a secret is not a string
  run: async ({ token }) => ({ token }),
});

defineStep({
  summary: 'Holds something and does not say for how long',
  with: nothing,
  outputs: nothing,
  onLost: 'retry',
  rollback: 'nothing',
  run: async () => ({}),
  // @ts-expect-error a teardown has a scope
  teardown: { run: async () => undefined },
});

// @ts-expect-error a step type that leaves its rollback to a person has to confirm that it is done
defineStep({ summary: 'Cannot look', with: nothing, outputs: nothing, onLost: 'retry', run: async () => ({}), rollback: { instruct: async () => 'Remove it.' } });

// What the seven should have been: nothing here is refused.
defineStep({
  summary: 'Keeps what it promises',
  with: Type.Object({ token: secret('Of the registry') }),
  outputs: Type.Object({ replicas: Type.Integer() }),
  state: Type.Object({ previous: Type.Integer() }),
  onLost: 'probe',
  async run({ token }, context) {
    context.log(`${String(token.reveal().length)} characters`);
    await context.saveState({ previous: context.saved?.previous ?? 1 });
    return { replicas: 3 };
  },
  probe: async () => ({ found: 'done', output: { replicas: 3 } }),
  rollback: {
    async run(_config, { saved, output }) {
      const steps: number = (output?.replicas ?? 3) - (saved?.previous ?? 1);
      if (steps < 0) throw new Error('there are more than before');
    },
  },
  teardown: {
    scope: 'stage',
    async run({ token }, context) {
      const previous: number = context.saved?.previous ?? token.reveal().length;
      context.log(`${String(previous)} replicas`);
    },
  },
});

defineStep({
  summary: 'Is undone by a person',
  with: nothing,
  outputs: nothing,
  state: Type.Object({ version: Type.String() }),
  onLost: 'retry',
  run: async () => ({}),
  rollback: {
    instruct: async (_config, { saved, because }) => `Remove ${saved?.version ?? 'it'}: ${because}`,
    confirm: async (_config, { saved }) => (saved === undefined ? true : `${saved.version} is still there`),
  },
});

defineStep({
  summary: 'Looks only at what is known',
  with: Type.Object({ tag: Type.String(), sizes: Type.Array(Type.Number()) }),
  outputs: nothing,
  onLost: 'retry',
  rollback: 'nothing',
  async verify(planned) {
    if (!isFullyKnown(planned)) return [];
    const known: { readonly tag: string; readonly sizes: readonly number[] } = planned;
    return known.tag === '' ? [{ level: 'error', code: 'X_EMPTY', message: `One of ${String(known.sizes.length)} has no tag.` }] : [];
  },
  run: async () => ({}),
});

interface Lamp {
  light(): Promise<void>;
}
const lampConfig = Type.Object({ watts: Type.Integer() });

const dark: Provision<Lamp, typeof lampConfig> = {
  summary: 'Gives something else than the point is there for',
  contract: 1,
  with: lampConfig,
  // @ts-expect-error a lamp has to light
  open: async ({ watts }) => ({ heat: async () => watts }),
};

defineStep({
  summary: 'Asks more of a point than it gives',
  with: Type.Object({ lamp: point<Lamp>('house.lamp', 'Which lamp') }),
  outputs: nothing,
  onLost: 'retry',
  rollback: 'nothing',
  async run({ lamp }, context) {
    // @ts-expect-error a lamp is no number
    const watts: number = await lamp.open(context);
    return { watts };
  },
});

const bright: Provision<Lamp, typeof lampConfig> = {
  summary: 'A lamp',
  contract: 1,
  with: lampConfig,
  open: async ({ watts }, context) => ({ light: async () => context.log(watts.toFixed()) }),
};

// And what the two should have been.
definePlugin({
  name: 'house',
  contract: 1,
  points: { lamp: { summary: 'What gives light', contract: 1 } },
  provides: { 'house.lamp': { bright, dark } },
  steps: {
    light: defineStep({
      summary: 'Lights a lamp',
      with: Type.Object({ lamp: point<Lamp>('house.lamp', 'Which lamp') }),
      outputs: nothing,
      onLost: 'retry',
      rollback: 'nothing',
      async verify({ lamp }, context) {
        if (isLater(lamp)) return [];
        await (await lamp.open(context)).light();
        return [];
      },
      async run({ lamp }, context) {
        await (await lamp.open(context)).light();
        return {};
      },
    }),
  },
});
