import { Type, type Static } from 'relpipe/plugin';
import { shiftConfig } from '../shift/shift-config.ts';

const { router, candidate } = shiftConfig.properties;

/** Who is a tester. */
export const testersSetting = Type.Object(
  {
    header: Type.Optional(Type.String({ pattern: '^[^: ]+(: *[^ ].*)?$', description: 'A header field that testers send, e.g. `x-tester`, or with its value `x-tester: yes`' })),
    cookie: Type.Optional(Type.String({ pattern: '^[^=; ]+(=[^; ]+)?$', description: 'A cookie that testers have, e.g. `tester`, or with its value `tester=yes`' })),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1, description: 'Who gets the candidate whatever its share' },
);
export type TestersSetting = Static<typeof testersSetting>;

/** `with` of `traffic.testers`. */
export const testersConfig = Type.Object({ router, candidate, testers: testersSetting }, { additionalProperties: false });
export type TestersConfig = Static<typeof testersConfig>;

/** `with` of `traffic.no-testers`. */
export const noTestersConfig = Type.Object({ router }, { additionalProperties: false });
export type NoTestersConfig = Static<typeof noTestersConfig>;

export const testersOutputs = Type.Object({ side: Type.String({ description: 'The side that testers get; empty: none' }) });
export type TestersOutputs = Static<typeof testersOutputs>;

/** What a way back needs: who were testers before, as JSON; empty: nobody. */
export const testersState = Type.Object({ former: Type.String() });
export type TestersState = Static<typeof testersState>;
