import { join } from 'node:path';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { expect, test } from 'vitest';

test('the alerts that this package ships fire when they should, and only then', needing('prometheus'), async () => {
  const output = await runCommand(programOf('prometheus', 'promtool'), ['test', 'rules', join(import.meta.dirname, 'shipped-alerts.yml')]);
  expect(output).toContain('SUCCESS');
});
