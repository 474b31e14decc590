import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { previewEnsure } from '../../src/ensure-router/preview-ensure.ts';
import { probeEnsure } from '../../src/ensure-router/probe-ensure.ts';
import { verifyEnsure } from '../../src/ensure-router/verify-ensure.ts';
import { startServer } from '../router/support/start-server.ts';
import { asked, serverSaying } from './asked.ts';

test('a step is fine where a router can be started, and where it lives as it is asked for', async () => {
  const { config, context, run } = await asked();

  expect(await verifyEnsure(config, context)).toEqual([]);
  const { listen } = await run();
  expect(await verifyEnsure({ ...config, listen: new URL(listen).host }, context)).toEqual([]);
});

test('a port that something else has is found before anything starts', async () => {
  const { config, context } = await asked();
  const { port } = await startServer((_request, response) => response.end());

  expect(await verifyEnsure({ ...config, listen: `127.0.0.1:${port}` }, context)).toMatchObject([
    { level: 'error', code: 'TRAFFIC_ROUTER_NOT_LISTENING', hint: containing('another `listen`') },
  ]);
});

test('a router with other sides is found before anything starts', async () => {
  const { config, context, run } = await asked();
  await run();

  const findings = await verifyEnsure({ ...config, sides: { stable: await serverSaying('other') } }, context);

  expect(findings).toMatchObject([{ level: 'error', code: 'TRAFFIC_ROUTER_DIFFERS', message: containing('it has a side candidate') }]);
});

test('all settings that are wrong are said at once', async () => {
  const { context } = await asked();
  const config = { listen: 'here:80', sides: { stable: 'http://127.0.0.1:1/path', Green: 'http://127.0.0.1:2' } };

  const [finding, ...rest] = await verifyEnsure(config, context);

  expect(rest).toEqual([]);
  expect(finding).toMatchObject({ level: 'error', code: 'TRAFFIC_ROUTER_USAGE', hint: containing('`with` of the step') });
  expect(finding?.message).toMatch(/side "stable" has .*; the side name "Green" .*; "listen" is here:80/);
});

test('which side gets the first traffic is never guessed', async () => {
  const { config: { listen }, context } = await asked();
  const sides = { blue: 'http://127.0.0.1:1', green: 'http://127.0.0.1:2' };

  expect(await verifyEnsure({ listen, sides }, context)).toMatchObject([
    { level: 'error', code: 'TRAFFIC_ROUTER_WEIGHTS_MISSING', hint: containing('weights: { blue: 100%, green: 0% }') },
  ]);
  expect(await verifyEnsure({ listen, sides, weights: { blue: 100, green: 0 } }, context)).toEqual([]);
  expect(await verifyEnsure({ listen, sides, weights: { blue: 90, green: 0 } }, context)).toMatchObject([
    { code: 'TRAFFIC_ROUTER_USAGE', message: containing('add up to 90') },
  ]);
});

test('what is only known in the run is said not to be checked', async () => {
  const { config, context } = await asked();

  const findings = await verifyEnsure({ ...config, sides: { stable: { $later: 'steps.start.outputs.url' } } }, context);

  expect(findings).toMatchObject([{ level: 'warning', code: 'TRAFFIC_NOT_CHECKED' }]);
});

test('a preview says whether a router is started, or one is there', async () => {
  const { config, context, run } = await asked();

  expect(await previewEnsure(config, context)).toMatchObject({ change: containing('start a router on 127.0.0.1:0 for candidate (http'), unknownUntilRun: [] });
  await run();
  expect(await previewEnsure(config, context)).toMatchObject({ change: containing('leave the router as it is') });
  expect(await previewEnsure({ ...config, sides: { stable: { $later: 'steps.start.outputs.url' } } }, context)).toMatchObject({
    change: containing('stable ((steps.start.outputs.url))'),
    unknownUntilRun: ['sides'],
  });
});

test('a lost step is done when the router lives, not when none does, and in conflict with another one', async () => {
  const { config, context, run } = await asked();

  expect(await probeEnsure(config, context)).toEqual({ found: 'not-done' });
  const { pid, listen } = await run();
  expect(await probeEnsure(config, context)).toMatchObject({ found: 'done', output: { pid, listen, started: false } });
  const sides = { stable: 'http://127.0.0.1:1' };
  expect(await probeEnsure({ ...config, sides }, context)).toMatchObject({ found: 'conflict', detail: containing('its side stable') });
});
