import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { imageWith, realDocker, type RealDocker } from '@relpipe/testing/real-docker';
import { needing } from '@relpipe/testing/real-servers';
import { secretOf } from '@relpipe/testing/step-context';
import { probeOf, teardownOf } from '@relpipe/testing/step-verbs';
import { isStepError } from 'relpipe/plugin';
import { expect, test } from 'vitest';
import { run, type RunState, type Started } from '../../src/run/run.ts';

const probe = probeOf(run);
const teardown = teardownOf(run);

const needed = needing('docker-engine', 'busybox');

const context = (given: RealDocker, more: { saved?: RunState; output?: Started } = {}) => given.context<RunState, Started>(more);

test('a container that answers is healthy, is found after a crash, and is removed by the teardown, also twice', needed, async () => {
  const given = await imageWith('ENV PATH=/bin');
  const config = {
    image: given.image,
    command: ['sh', '-c', '/bin/busybox echo "$GREETING $TOKEN" > /index.html; exec /bin/busybox httpd -f -p 8080 -h /'],
    env: { GREETING: 'hello' },
    secrets: { TOKEN: secretOf('s3cret') },
    ports: ['127.0.0.1::8080'],
    healthy: { http: '/index.html', port: 8080 },
  };
  const starting = context(given);
  const done = await run.run(config, starting);
  expect(await (await fetch(`http://${done.ports['8080']!}/index.html`)).text()).toBe('hello s3cret\n');
  expect(await given.containers()).toBe(done.container);
  expect(JSON.stringify([done, starting.states, starting.lines])).not.toContain('s3cret');

  const saved = starting.states[0]!;
  expect(await probe(config, context(given, { saved }))).toEqual({ found: 'done', output: done });
  // A second attempt takes the place of the first.
  const again = await run.run(config, context(given, { saved }));
  expect(await given.containers()).toBe(again.container);
  for (let time = 0; time < 2; time += 1) {
    await teardown(config, context(given, { saved }));
    expect(await given.containers()).toBe('');
  }
  expect(await probe(config, context(given, { saved }))).toEqual({ found: 'not-done' });
  await teardown(config, context(given));
});

test('a container that exits fails the step at once with its exit code, and its output is saved', needed, async () => {
  const given = await imageWith();
  const config = { image: given.image, command: ['sh', '-c', '/bin/busybox echo no database; exit 7'], ports: ['127.0.0.1::8080'], healthy: { tcp: 8080 } };
  const starting = context(given);
  const error: unknown = await run.run(config, starting).catch((caught: unknown) => caught);
  if (!isStepError(error)) throw error;
  expect(error).toMatchObject({ code: 'DOCKER_UNHEALTHY', message: containing('exited with code 7') });
  const file = /is in (\S+)\.$/.exec(error.hint ?? '')?.[1] ?? '';
  expect(readFileSync(join(given.folder, file), 'utf8')).toContain('no database');
  expect(starting.lines.join()).toContain('no database');
  await teardown(config, context(given, { saved: starting.states[0]! }));
  expect(await given.containers()).toBe('');
});

test('a secret in the output of a container is masked in the saved file', needed, async () => {
  const given = await imageWith();
  const config = { image: given.image, command: ['sh', '-c', '/bin/busybox echo "refused: $TOKEN"; exit 7'], secrets: { TOKEN: secretOf('s3cret') }, ports: ['127.0.0.1::8080'], healthy: { tcp: 8080 } };
  const starting = given.context<RunState, Started>({ mask: (text) => text.replaceAll('s3cret', '***') });
  const error: unknown = await run.run(config, starting).catch((caught: unknown) => caught);
  const file = /is in (\S+)\.$/.exec((isStepError(error) && error.hint) || '')?.[1] ?? '';
  const kept = readFileSync(join(given.folder, file), 'utf8');
  expect({ says: kept.includes('refused: ***'), shown: kept.includes('s3cret') }).toEqual({ says: true, shown: false });
});

test('a port that only the proxy of the engine opens does not count as healthy', needed, async () => {
  const given = await imageWith();
  const config = { image: given.image, command: ['sleep', '100'], ports: ['127.0.0.1::8080'], healthy: { tcp: 8080, within: 1500 } };
  await expect(run.run(config, context(given))).rejects.toMatchObject({ code: 'DOCKER_UNHEALTHY', message: containing('after 1.5 s: nothing listens on 127.0.0.1:') });
  const listening = { ...config, command: ['httpd', '-f', '-p', '8080'], healthy: { tcp: 8080, within: 20_000 } };
  expect(await run.run(listening, context(given))).toMatchObject({ ports: { '8080': containing('127.0.0.1:') } });
});

test("the image's own HEALTHCHECK decides, and an image without one is refused", needed, async () => {
  const healthy = await imageWith('HEALTHCHECK --interval=300ms --retries=1 CMD ["/bin/busybox", "true"]');
  expect(await run.run({ image: healthy.image, command: ['sleep', '100'] }, context(healthy))).toMatchObject({ ports: {} });
  const unhealthy = await imageWith('HEALTHCHECK --interval=300ms --retries=1 CMD ["/bin/busybox", "false"]');
  await expect(run.run({ image: unhealthy.image, command: ['sleep', '100'] }, context(unhealthy))).rejects.toMatchObject({ message: containing('its HEALTHCHECK fails') });
  const without = await imageWith();
  await expect(run.run({ image: without.image, command: ['sleep', '100'] }, context(without))).rejects.toMatchObject({ code: 'DOCKER_NO_HEALTHCHECK' });
});

test('a name that another container has is refused, and that container keeps running', needed, async () => {
  const given = await imageWith();
  const name = `n-${given.id}`;
  const other = await given.docker('run', '--detach', '--name', name, given.image, 'sleep', '100');
  await expect(run.run({ image: given.image, name, command: ['sleep', '100'] }, context(given))).rejects.toMatchObject({ code: 'DOCKER_NAME_TAKEN' });
  expect(await given.containers()).toBe(other);
});

test('before the run, a health check on a port that is not published is an error', needed, async () => {
  const given = realDocker();
  const config = { image: 'any', healthy: { http: '/', port: 8080 } };
  expect(await run.verify?.(config, context(given))).toMatchObject([{ level: 'error', code: 'DOCKER_PORT_NOT_PUBLISHED' }]);
  expect(await run.verify?.({ ...config, ports: ['127.0.0.1::8080'] }, context(given))).toEqual([]);
});
