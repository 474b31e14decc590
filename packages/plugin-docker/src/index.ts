import { definePlugin } from 'relpipe/plugin';
import { backup } from './backup/backup.ts';
import { build } from './build/build.ts';
import { compose } from './compose/compose.ts';
import { promote } from './promote/promote.ts';
import { push } from './push/push.ts';
import { restore } from './restore/restore.ts';
import { run } from './run/run.ts';
import { scan } from './scan/scan.ts';
import { verify } from './verify/verify.ts';

export default definePlugin({
  name: 'docker',
  contract: 1,
  steps: { build, push, promote, verify, run, compose, backup, restore, scan },
});
