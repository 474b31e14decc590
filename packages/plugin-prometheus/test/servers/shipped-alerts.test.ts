import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';
import { needing, programOf } from '../../../../test/support/servers.ts';

test('the alerts that this package ships fire when they should, and only then', needing('prometheus'), async () => {
  const output = await runCommand(programOf('prometheus', 'promtool'), ['test', 'rules', join(import.meta.dirname, 'shipped-alerts.yml')]);
  expect(output).toContain('SUCCESS');
});
