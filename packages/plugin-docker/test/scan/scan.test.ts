import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { execReally, virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { scan } from '../../src/scan/scan.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const image = `ghcr.io/acme/engine@${digest}`;

const trivy = (findings: readonly (readonly [string, string])[], more: object = {}): string =>
  JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: image,
    Results: [{ Target: 'debian 12', Class: 'os-pkgs', Vulnerabilities: findings.map(([VulnerabilityID, Severity]) => ({ VulnerabilityID, Severity, PkgName: 'openssl', InstalledVersion: '3.0' })) }],
    ...more,
  });
const grype = (findings: readonly (readonly [string, string])[], distro = 'debian'): string =>
  JSON.stringify({
    matches: findings.map(([id, severity]) => ({ vulnerability: { id, severity }, artifact: { name: 'openssl', version: '3.0' } })),
    source: { type: 'image', target: { userInput: image, imageID: 'sha256:1', manifestDigest: digest, tags: [], repoDigests: [] } },
    distro: { name: distro, version: '' },
    descriptor: { name: 'grype', version: '0.80.0' },
  });
const sarif = (results: readonly object[], more: object = {}): string =>
  JSON.stringify({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'a scanner', rules: [{ id: 'CVE-9', properties: { 'security-severity': '9.8' } }] } }, results, ...more }],
  });

/** Stand-in for a scanner: a program that writes this report. */
function scanner(report: string, exitCode = 0, name = 'scanner') {
  const scratch = scratchFolder();
  onTestFinished(() => scratch[Symbol.dispose]());
  const program = join(scratch.path, name);
  writeFileSync(join(scratch.path, 'report'), report);
  writeFileSync(program, `#!/bin/sh\necho "$@" >> '${scratch.path}/asked'\n[ "$1" = --version ] && exit 0\ncat '${scratch.path}/report'\nexit ${exitCode}\n`);
  chmodSync(program, 0o755);
  const context = virtualContext({ workdir: scratch.path, exec: execReally(scratch.path) });
  return { folder: scratch.path, program, context, run: (more: object = {}) => scan.run({ image, command: [program], ...more }, context) };
}

const high = ['CVE-2', 'HIGH'] as const;
const critical = ['CVE-1', 'CRITICAL'] as const;
const low = ['CVE-3', 'LOW'] as const;

describe('a scan', () => {
  test.each([
    ['trivy', trivy([low, low]), { scanner: 'trivy', low: 2 }],
    ['grype', grype([low, ['CVE-4', 'Negligible'], ['CVE-5', 'Odd']]), { scanner: 'grype', low: 1, negligible: 1, unknown: 1 }],
    ['SARIF', sarif([{ ruleId: 'CVE-8', level: 'note' }, { ruleId: 'CVE-7' }]), { scanner: 'a scanner', low: 1, medium: 1 }],
    ['a clean trivy', trivy([]), { scanner: 'trivy' }],
    ['a clean grype', grype([]), { scanner: 'grype' }],
    ['a clean SARIF', sarif([], { invocations: [{ executionSuccessful: true }] }), { scanner: 'a scanner' }],
  ])('a scan by %s within its limits passes, with its counts', async (_, report, expected) => {
    expect(await scanner(report).run()).toEqual({ critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0, ...expected });
  });

  test.each([
    ['trivy', trivy([low, high, critical]), {}, '1 critical (maximum 0), 1 high (maximum 0), first CVE-2 in openssl 3.0'],
    ['grype', grype([low, high]), {}, '1 high (maximum 0)'],
    ['SARIF by the score of its rule', sarif([{ ruleId: 'CVE-9', level: 'note' }]), {}, '1 critical'],
    ['SARIF by its level', sarif([{ ruleId: 'CVE-8', level: 'error' }]), {}, '1 high'],
    ['trivy with own limits', trivy([high, high, high]), { max: { high: 2 } }, '3 high (maximum 2)'],
    ['grype with a limit for unknown severities', grype([['CVE-5', 'Odd']]), { max: { unknown: 0 } }, '1 unknown'],
  ])('a scan by %s above its limits fails', async (_, report, more, message) => {
    await expect(scanner(report).run(more)).rejects.toMatchObject({ code: 'DOCKER_SCAN_FINDINGS', message: containing(message) });
  });

  test('accepted findings do not count', async () => {
    const suppressed = { ruleId: 'CVE-9', suppressions: [{ kind: 'external', status: 'accepted' }] };
    const open = { ruleId: 'CVE-9', suppressions: [{ kind: 'external', status: 'underReview' }] };
    expect(await scanner(sarif([suppressed])).run()).toMatchObject({ critical: 0 });
    await expect(scanner(sarif([suppressed, open])).run()).rejects.toMatchObject({ message: containing('1 critical') });
  });
});

describe('a scan that examined nothing', () => {
  test.each([
    ['an empty report', '', 'DOCKER_SCAN_EMPTY'],
    ['an HTML page', '<html>', 'DOCKER_SCAN_UNREADABLE'],
    ['an empty object', '{}', 'DOCKER_SCAN_UNREADABLE'],
    ['a report of trivy without results', trivy([], { Results: undefined }), 'DOCKER_SCAN_EMPTY'],
    ['a report of trivy about secrets only', trivy([], { Results: [{ Target: 'file', Class: 'secret' }] }), 'DOCKER_SCAN_EMPTY'],
    ['a report of grype without a known distribution', grype([], ''), 'DOCKER_SCAN_EMPTY'],
    ['SARIF without runs', JSON.stringify({ version: '2.1.0', runs: [] }), 'DOCKER_SCAN_EMPTY'],
    ['SARIF without results, artifacts and invocations', sarif([]), 'DOCKER_SCAN_EMPTY'],
    ['SARIF of an invocation that failed', sarif([{ ruleId: 'CVE-8', level: 'note' }], { invocations: [{ executionSuccessful: false }] }), 'DOCKER_SCAN_EMPTY'],
  ])('a scan never passes with %s', async (_, report, code) => {
    await expect(scanner(report).run()).rejects.toMatchObject({ code });
  });

  test('a scan never passes with the report of an earlier scan', async () => {
    const { folder, run } = scanner('');
    writeFileSync(join(folder, 'old.json'), trivy([]));
    await expect(run({ report: 'old.json' })).rejects.toMatchObject({ code: 'DOCKER_SCAN_EMPTY' });
  });

  test.each([
    ['by digest', trivy([], { ArtifactName: `ghcr.io/acme/engine@sha256:${'b'.repeat(64)}` }), image],
    ['by name', trivy([], { ArtifactName: 'ghcr.io/acme/engine:1.3.0' }), 'ghcr.io/acme/engine:1.4.0'],
  ])('a scan never passes with a report about another image, compared %s', async (_, report, wanted) => {
    await expect(scanner(report).run({ image: wanted })).rejects.toMatchObject({ code: 'DOCKER_SCAN_IMAGE_MISMATCH' });
  });

  test('a scanner that exits with an error fails the scan, with or without a report', async () => {
    await expect(scanner('', 2).run()).rejects.toMatchObject({ code: 'DOCKER_SCAN_FAILED', retryable: true });
    await expect(scanner(trivy([low]), 1).run()).rejects.toMatchObject({ code: 'DOCKER_SCAN_FAILED' });
    await expect(scanner(trivy([high]), 1).run()).rejects.toMatchObject({ code: 'DOCKER_SCAN_FINDINGS' });
  });
});

test('an existing report is read without a scanner', async () => {
  const { folder, context } = scanner('');
  writeFileSync(join(folder, 'report.sarif'), sarif([{ ruleId: 'CVE-8', level: 'note' }], { properties: { imageName: image } }));
  expect(await scan.run({ image, report: 'report.sarif' }, context)).toMatchObject({ low: 1 });
});

test('trivy is used where it is installed, else grype; before the run it is an error that neither is', async () => {
  const trivyThere = scanner(trivy([low]), 0, 'trivy');
  const grypeThere = scanner(grype([high]), 0, 'grype');
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = process.env['PATH'] ?? '';
  vi.stubEnv('PATH', `${grypeThere.folder}:${trivyThere.folder}:${path}`);
  expect(await scan.run({ image }, trivyThere.context)).toMatchObject({ scanner: 'trivy', low: 1 });
  vi.stubEnv('PATH', `${grypeThere.folder}:${path}`);
  await expect(scan.run({ image }, grypeThere.context)).rejects.toMatchObject({ code: 'DOCKER_SCAN_FINDINGS' });
  vi.stubEnv('PATH', `${trivyThere.folder}/none`);
  expect(await scan.verify?.({ image }, trivyThere.context)).toMatchObject([{ level: 'error', code: 'DOCKER_SCANNER_MISSING' }]);
  expect(await scan.verify?.({ image, command: ['any'] }, trivyThere.context)).toEqual([]);
});
