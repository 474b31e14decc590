import { defineStep, Type, type Static } from 'relpipe/plugin';
import { shiftConfig } from './shift.ts';

const { router, candidate } = shiftConfig.properties;

/** Which requests get the candidate. */
export const matchSetting = Type.Object(
  {
    header: Type.Optional(
      Type.String({
        pattern: '^[^: ]+(: *[^ ].*)?$',
        description: 'A header field of the requests, e.g. `x-tester`, or with its value `x-tester: yes`',
      }),
    ),
    cookie: Type.Optional(
      Type.String({
        pattern: '^[^=; ]+(=[^; ]+)?$',
        description: 'A cookie of the requests, e.g. `tester`, or with its value `tester=yes`',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1, description: 'Which requests get the candidate whatever its share' },
);
export type MatchSetting = Static<typeof matchSetting>;

/** `with` of `traffic.preview`. */
export const previewConfig = Type.Object({ router, candidate, match: matchSetting }, { additionalProperties: false });
export type PreviewConfig = Static<typeof previewConfig>;

export const previewOutputs = Type.Object({ side: Type.String({ description: 'The side that matching requests get' }) });
export type PreviewOutputs = Static<typeof previewOutputs>;

/** What the teardown needs: the preview that was set before, as JSON; empty: none. */
const previewState = Type.Object({ previous: Type.String() });
export type PreviewState = Static<typeof previewState>;

const impl = () => import('./preview.impl.ts');

/** `traffic.preview`. The functions are loaded when they are first called: reading a pipeline file needs none of them. */
export const preview = defineStep({
  summary: 'Sends requests with a header field or a cookie to the candidate, whatever its share is, until the end of the stage',
  with: previewConfig,
  outputs: previewOutputs,
  state: previewState,
  verify: async (config, context) => (await impl()).verifyPreview(config, context),
  run: async (config, context) => (await impl()).runPreview(config, context),
  onLost: 'retry',
  rollback: 'nothing',
  teardown: { scope: 'stage', run: async (config, context) => (await impl()).teardownPreview(config, context) },
});
