import { containing } from '@relpipe/testing/matchers';
import { expect, test } from 'vitest';
import { previewRouter, probeRouter, verifyRouter } from '../../src/steps/router.impl.ts';
import { startServer } from '../support/http-servers.ts';
import { asked, serverSaying } from '../support/router-step.ts';

test('a router step is valid where its router can be started, and where it is already running', async () => {
  const { config, context, run } = await asked();

  expect(await verifyRouter(config, context)).toEqual([]);
  const { listen } = await run();
  expect(await verifyRouter({ ...config, listen: new URL(listen).host }, context)).toEqual([]);
});

test('a port that another program uses is reported before anything starts', async () => {
  const { config, context } = await asked();
  const { port } = await startServer((_request, response) => response.end());

  expect(await verifyRouter({ ...config, listen: `127.0.0.1:${port}` }, context)).toMatchObject([
    { level: 'error', code: 'TRAFFIC_ROUTER_NOT_LISTENING', hint: containing('another `listen`') },
  ]);
});

test('a running router with other sides is reported before anything starts', async () => {
  const { config, context, run } = await asked();
  await run();

  const findings = await verifyRouter({ ...config, sides: { stable: await serverSaying('other') } }, context);

  expect(findings).toMatchObject([{ level: 'error', code: 'TRAFFIC_ROUTER_DIFFERS', message: containing('it has a side candidate') }]);
});

test('every invalid setting is reported at once', async () => {
  const { context } = await asked();
  const config = { listen: 'here:80', sides: { stable: 'http://127.0.0.1:1/path', Green: 'http://127.0.0.1:2' } };

  const [finding, ...rest] = await verifyRouter(config, context);

  expect(rest).toEqual([]);
  expect(finding).toMatchObject({ level: 'error', code: 'TRAFFIC_ROUTER_USAGE', hint: containing('`with` of the step') });
  expect(finding?.message).toMatch(/side "stable" must be .*; the side name "Green" .*; "listen" must be .* found here:80/);
});

test('the side that gets the first traffic is never guessed', async () => {
  const { config: { listen }, context } = await asked();
  const sides = { blue: 'http://127.0.0.1:1', green: 'http://127.0.0.1:2' };

  expect(await verifyRouter({ listen, sides }, context)).toMatchObject([
    { level: 'error', code: 'TRAFFIC_ROUTER_WEIGHTS_MISSING', hint: containing('weights: { blue: 100%, green: 0% }') },
  ]);
  expect(await verifyRouter({ listen, sides, weights: { blue: 100, green: 0 } }, context)).toEqual([]);
  expect(await verifyRouter({ listen, sides, weights: { blue: 90, green: 0 } }, context)).toMatchObject([
    { code: 'TRAFFIC_ROUTER_USAGE', message: containing('add up to 90') },
  ]);
});

test('a router step with a value that is known only in the run is reported as not checked', async () => {
  const { config, context } = await asked();

  const findings = await verifyRouter({ ...config, sides: { stable: { $later: 'steps.start.outputs.url' } } }, context);

  expect(findings).toMatchObject([{ level: 'warning', code: 'TRAFFIC_NOT_CHECKED' }]);
});

test('the preview says whether a router is started or is already running', async () => {
  const { config, context, run } = await asked();

  expect(await previewRouter(config, context)).toMatchObject({ change: containing('start a router on 127.0.0.1:0 for candidate (http'), unknownUntilRun: [] });
  await run();
  expect(await previewRouter(config, context)).toMatchObject({ change: containing('leave the running router as it is') });
  expect(await previewRouter({ ...config, sides: { stable: { $later: 'steps.start.outputs.url' } } }, context)).toMatchObject({
    change: containing('stable ((steps.start.outputs.url))'),
    unknownUntilRun: ['sides'],
  });
});

test('the probe reports done when the router is running, not-done when none is, and a conflict with another router', async () => {
  const { config, context, run } = await asked();

  expect(await probeRouter(config, context)).toEqual({ found: 'not-done' });
  const { pid, listen } = await run();
  expect(await probeRouter(config, context)).toMatchObject({ found: 'done', output: { pid, listen, started: false } });
  const sides = { stable: 'http://127.0.0.1:1' };
  expect(await probeRouter({ ...config, sides }, context)).toMatchObject({ found: 'conflict', detail: containing('its side stable') });
});
