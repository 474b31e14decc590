import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const third = 'echo try $RELPIPE_ATTEMPT $RELPIPE_IDEMPOTENCY_KEY >> tries; test $RELPIPE_ATTEMPT = 3';

describe.concurrent('retries', () => {
  test('a command with retry is tried again after growing pauses, under one idempotency key', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`stages: { one: { steps: [{ id: flaky, run: "${third}", retry: { attempts: 3, backoff: 100ms..1s } }] } }`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect(code).toBe(0);
    const tries = folder.lines('tries').map((line) => line.split(' '));
    expect(tries.map(([, attempt]) => attempt)).toEqual(['1', '2', '3']);
    expect(new Set(tries.map(([, , key]) => key)).size).toBe(1);
    const pauses = eventsIn(stdout).flatMap(({ type, why, until, at }) => (type === 'step-waiting' && why === 'backoff' ? [Math.round((Number(until) - Number(at)) / 100) * 100] : []));
    expect(pauses).toEqual([100, 200]);
  });

  test('a step that succeeds in the end does not report its failed attempts as a failure', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`stages: { one: { steps: [{ id: flaky, run: "${third}", retry: { attempts: 3, backoff: 1ms..1ms } }] } }`),
    );
    const { stdout } = await folder.relpipe('run');
    expect(stdout.slice(stdout.indexOf('succeeded'))).not.toContain('REL_COMMAND_FAILED');
    expect((await folder.relpipe('status')).stdout).not.toContain('REL_COMMAND_FAILED');
  });

  test('a step fails when its last attempt has failed', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`stages: { one: { steps: [{ id: flaky, run: "${third}", retry: { attempts: 2, backoff: 10ms..10ms } }] } }`),
    );
    expect((await folder.relpipe('run')).code).toBe(1);
    expect(folder.lines('tries')).toHaveLength(2);
  });

  test('a command without retry is tried once, whatever the defaults say', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`defaults: { retry: { attempts: 5, backoff: 10ms..10ms } }\nstages: { one: { steps: [{ id: flaky, run: "${third}" }] } }`),
    );
    expect((await folder.relpipe('run')).code).toBe(1);
    expect(folder.lines('tries')).toHaveLength(1);
  });

  test('a probe that finds the step done takes the place of another attempt', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - id: flaky
        run: "echo act >> acts; echo n=1 >> $RELPIPE_OUTPUT; exit 1"
        probe: "test -e acts || exit 1; echo n=2 >> $RELPIPE_OUTPUT"
        outputs: { n: integer }
        retry: { attempts: 3, backoff: 10ms..10ms }
outputs: { n: "\${{ steps.flaky.outputs.n }}" }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, over: eventsIn(stdout).at(-1) }).toMatchObject({ code: 0, over: { type: 'run-over', outputs: { n: 2 } } });
    expect(folder.lines('acts')).toEqual(['act']);
  });
});
