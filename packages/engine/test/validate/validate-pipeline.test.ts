import { expect, test } from 'vitest';
import { findings, valid } from './validate.ts';

test('a step has its action, its expressions taken apart and its defaults filled in', () => {
  const { stages, defaults, onFailure } = valid(`
inputs: { version: { type: semver } }
stages:
  image:
    steps:
      - { id: push, uses: shop.push, with: { tag: "v\${{ inputs.version }}" } }
`);
  expect(defaults).toEqual({ timeoutMs: 600_000, retry: { attempts: 3, losses: 3, firstMs: 2_000, maxMs: 60_000 } });
  // The plan fills it in, because a sub-pipeline takes over what is around it.
  expect(onFailure).toBeUndefined();
  expect(stages[0]?.steps[0]).toMatchObject({
    id: 'push',
    title: 'push',
    action: { kind: 'task', uses: 'shop.push', with: { tag: { $text: ['v', { $expr: 'inputs.version', reads: [] }] } } },
    onLost: 'retry',
    wakeEveryMs: 900_000,
    irreversible: false,
  });
});

test('a command gets its expressions as variables, its probe some of its own, and a secret through env', () => {
  const { stages } = valid(`
inputs: { name: { type: string } }
secrets: { TOKEN: {} }
stages:
  build:
    steps:
      - id: greet
        run: "greet \${{ inputs.name }}"
        probe: "greeted \\"\${{ inputs.name }}\\""
        env: { TOKEN: "\${{ secrets.TOKEN }}", PORT: 8080 }
`);
  const [step] = stages[0]?.steps ?? [];
  const value = { $text: [{ $expr: 'inputs.name', reads: [] }] };
  expect(step?.onLost).toBe('probe');
  expect(step?.action).toEqual({
    kind: 'task',
    uses: 'relpipe.run',
    with: {
      command: 'greet "${RELPIPE_1}"',
      probe: 'greeted "${RELPIPE_PROBE_1}"',
      env: { TOKEN: { $secret: 'TOKEN' }, PORT: '8080' },
      variables: { RELPIPE_1: value, RELPIPE_PROBE_1: value },
    },
  });
});

test('limits are numbers in the unit of their metric', () => {
  const { gates } = valid(`
gates:
  health:
    every: 30s
    metrics:
      latency:
        uses: shop.query
        unit: seconds
        with: { query: canary }
        baseline: { query: stable }
        threshold: { warn: +10%, max: 300ms, violations: { more-than: 3, within: 10m } }
        no-data: fail
      errors:
        run: ./errors
        unit: ratio
        threshold: { max: 1%, for: 5m }
        no-data: inconclusive
stages:
  build:
    steps: [{ id: settle, hold: 1m, gates: [{ health: pause }] }]
`);
  expect(gates[0]).toMatchObject({ name: 'health', everyMs: 30_000 });
  expect(gates[0]?.metrics.map(({ uses, threshold }) => ({ uses, threshold }))).toEqual([
    {
      uses: 'shop.query',
      threshold: {
        warn: { kind: 'relative', value: 0.1, text: '+10%' },
        max: { kind: 'absolute', value: 0.3, text: '300ms' },
        violations: { moreThan: 3, withinMs: 600_000 },
      },
    },
    { uses: 'relpipe.command', threshold: { max: { kind: 'absolute', value: 0.01, text: '1%' }, forMs: 300_000 } },
  ]);
});

test('a gate step waits for its own gate first', () => {
  const { stages } = valid(`
gates:
  health: { every: 1s, metrics: { up: { uses: http.check, with: { url: "http://localhost" }, threshold: { violations: { more-than: 1, within: 1m } }, no-data: fail } } }
  other: { every: 1s, metrics: { up: { run: "true", unit: none, threshold: { max: 1 }, no-data: fail } } }
stages:
  check:
    steps: [{ id: ask, gate: health, gates: [other] }]
`);
  expect(stages[0]?.steps[0]?.gates).toEqual([{ gate: 'health' }, { gate: 'other' }]);
});

test('a rollback reads what its step saved and gave, and what that step could read', () => {
  expect(
    findings(`
stages:
  build:
    steps:
      - { id: before, run: make, outputs: { digest: string } }
      - id: ship
        run: make ship
        outputs: { url: string }
        rollback: [{ id: back, run: "back \${{ saved.former }} \${{ default(outputs.url, 'none') }} \${{ steps.before.outputs.digest }}" }]
`),
  ).toEqual([]);
});

test('what comes at the end reads any step, but never as if it had surely happened', () => {
  const source = (read: string) => `
stages:
  build:
    steps: [{ id: compile, run: make, outputs: { digest: string } }]
finally:
  - { id: tell, run: "tell \${{ ${read} }} \${{ run.outcome }}" }
`;
  expect(findings(source('steps.compile.outputs.digest'))).toEqual(['REL_OUTPUT_MAY_BE_MISSING 6:32']);
  expect(findings(source("default(steps.compile.outputs.digest, 'none')"))).toEqual([]);
});

test('settings of a composite may be expressions of the right type, at any depth', () => {
  const source = (weight: string) => `
inputs: { weight: { type: percent, default: 10% }, phase: { type: duration, default: 1h } }
stages:
  production:
    steps:
      - { id: canary, uses: shop.canary, with: { phases: [{ weight: "\${{ ${weight} }}", hold: 1h }] } }
`;
  expect(findings(source('inputs.weight'))).toEqual([]);
  expect(findings(source('inputs.phase'))).toEqual(['REL_EXPRESSION_RESULT_TYPE 6:74']);
});

test('an expression of a stage reads only stages that it needs, over any number of others', () => {
  const source = (needs: string) => `
stages:
  one: { steps: [{ id: first, run: make, outputs: { digest: string } }] }
  two: { needs: [one], steps: [{ id: second, run: make }] }
  three: { needs: [${needs}], when: steps.first.outputs.digest != "", steps: [{ id: third, run: make }] }
`;
  expect(findings(source('two'))).toEqual([]);
  expect(findings(source(''))).toEqual(['REL_OUTPUT_NOT_AVAILABLE 5:29']);
});

test('a secret stands in no place where it could be shown', () => {
  expect(
    findings(`
secrets: { TOKEN: {} }
stages:
  build:
    steps:
      - { id: ask, approval: "\${{ secrets.TOKEN }}" }
      - { id: push, uses: shop.push, with: { tag: "\${{ secrets.TOKEN }}", token: "\${{ secrets.TOKEN }}" } }
outputs: { token: "\${{ secrets.TOKEN }}" }
`),
  ).toEqual(['REL_SECRET_NOT_ALLOWED 6:30', 'REL_SECRET_NOT_ALLOWED 7:51', 'REL_SECRET_NOT_ALLOWED 8:19']);
});

test('one broken step hides nothing of the others', () => {
  expect(
    findings(`
stages:
  build:
    colour: red
    steps:
      - { id: one, run: "\${{ inputs.nothing }}", colour: red }
      - { id: one, hold: 3 }
  test:
    needs: [nothing]
    steps: []
`).map((found) => found.split(' ')[0]),
  ).toEqual(['REL_KEY_UNKNOWN', 'REL_NAME_UNKNOWN', 'REL_KEY_UNKNOWN', 'REL_ID_DUPLICATE', 'REL_QUANTITY_INVALID', 'REL_NAME_UNKNOWN', 'REL_VALUE_UNEXPECTED']);
});

const matrixStep = (reads: string, include: string, exclude = '[]', rest = '') =>
  findings(`
stages:
  build:
    steps:
      - id: kit
        run: "make ${reads}"
        matrix: { axes: { os: [linux, mac], flavour: [debug, release] }, exclude: ${exclude}, include: ${include} }
        ${rest}
`);

test('an included combination of its own has every axis that the step reads', () => {
  const both = '${{ matrix.os }} ${{ matrix.flavour }}';
  expect(matrixStep(both, '[{ os: bsd }]')).toEqual(['REL_MATRIX_AXIS_MISSING 7:97']);
  expect(matrixStep(both, '[{ flavour: small, os: bsd }, { os: bsd, note: x }, { os: mac, note: x }, { note: y }]')).toEqual([]);
  expect(matrixStep(both, '[{ os: mac, note: x }]', '[{ os: mac }]')).toEqual(['REL_MATRIX_AXIS_MISSING 7:108']);
  expect(matrixStep('${{ matrix.os }} ${{ default(matrix.flavour, \'x\') }}', '[{ os: bsd }]')).toEqual([]);
  expect(matrixStep('${{ matrix.os }}', '[{ os: bsd }]')).toEqual([]);
});

test('a condition and a rollback read the axes of the step as well', () => {
  for (const rest of ['when: matrix.flavour == "debug"', 'rollback: [{ id: undo, run: "undo ${{ matrix.flavour }}" }]']) {
    expect(matrixStep('', '[{ os: bsd }]', '[]', rest)).toEqual(['REL_MATRIX_AXIS_MISSING 7:97']);
  }
});
