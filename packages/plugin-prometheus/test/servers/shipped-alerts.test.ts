import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../../../../test/support/run-command.ts';
import { needing, programOf } from '../../../../test/support/servers.ts';

test('the alerts that ship fire when they should, and not else', needing('prometheus'), async () => {
  const said = await runCommand(programOf('prometheus', 'promtool'), ['test', 'rules', join(import.meta.dirname, 'shipped-alerts.yml')]);
  expect(said).toContain('SUCCESS');
});
