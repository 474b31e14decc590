import { approval, defineComposite, quantity, shape, Type, type Later, type PlannedConfig, type Unfolding } from 'relpipe/plugin';
import { matchSetting, previewOutputs } from './preview.ts';
import { path, readyOutputs } from './ready.ts';
import { shiftConfig, shiftOutputs, waitForSetting } from './shift.ts';
import { verifyOutputs } from './verify.ts';

const { router, stable, candidate } = shiftConfig.properties;

const test = Type.Object(
  {
    path,
    requests: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: 'Number of requests, one after the other; each must be answered well',
    }),
  },
  { additionalProperties: false, description: 'Requests to the candidate before the switch, not through the router' },
);

/** `with` of `traffic.blue-green`. */
const blueGreenConfig = Type.Object(
  {
    router,
    stable,
    candidate,
    path: Type.Optional(path),
    within: Type.Optional(quantity('duration', 'How long both sides have to answer, before anything else; default 30s', { minimum: 0 })),
    test: Type.Optional(shape(test)),
    match: Type.Optional(matchSetting),
    preview: Type.Optional(
      quantity(
        'duration',
        'How long the candidate waits before the switch, while matching requests get it and the gates of the step watch',
        { minimum: 1 },
      ),
    ),
    approval: Type.Optional(approval('A question to people before the switch')),
    'wait-for': Type.Optional(waitForSetting),
    hold: quantity('duration', 'How long both sides stay up after the switch; the gates of the step watch', { minimum: 1 }),
  },
  { additionalProperties: false },
);

/**
 * `traffic.blue-green`: unfolds into a check of both sides, one shift of everything, and a hold. Each step is rolled back by itself, so
 * that a run that ends before the switch moves no traffic: the candidate may be the side that serves.
 */
export const blueGreen = defineComposite({
  summary: 'Switches all traffic to the candidate at once and holds; its rollback switches back',
  with: blueGreenConfig,
  outputs: Type.Object({ weight: shiftOutputs.properties.weight }),
  unfold: unfoldBlueGreen,
});

/** Both sides must answer before the switch: the candidate because it will serve, stable because a rollback needs it. */
function unfoldBlueGreen(config: PlannedConfig<typeof blueGreenConfig>, into: Unfolding): { weight: Later<number> } {
  const { router, stable, candidate, path, within, test, match, preview, approval: question, hold, 'wait-for': gates } = config;
  const checks = { ...(path !== undefined && { path }), ...(within !== undefined && { within }) };
  into.step('ready', { uses: 'traffic.ready', outputs: readyOutputs, with: { router, sides: [stable, candidate], ...checks } });
  if (test !== undefined)
    into.step('test', {
      uses: 'traffic.ready',
      outputs: readyOutputs,
      with: { router, sides: [candidate], path: test.path, 'in-a-row': test.requests },
    });
  if (match !== undefined) into.step('preview', { uses: 'traffic.preview', outputs: previewOutputs, with: { router, candidate, match } });
  if (preview !== undefined) into.hold('preview-hold', { for: preview });
  if (question !== undefined) into.approval('approval', question);
  if (gates !== undefined) into.gate('wait', { gates });
  const weight = into
    .step('switch', { uses: 'traffic.shift', outputs: shiftOutputs, with: { router, stable, candidate, weight: 100 } })
    .output('weight');
  into.hold('hold', { for: hold });
  into.step('verify', { uses: 'traffic.verify', outputs: verifyOutputs, with: { router, stable, candidate, weight } });
  return { weight };
}
