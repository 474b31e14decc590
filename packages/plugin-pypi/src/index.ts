import { definePlugin } from 'relpipe/plugin';
import { build } from './build/build.ts';
import { chooseRollback } from './choose-rollback/choose-rollback.ts';
import { installCheck } from './install-check/install-check.ts';
import { publish } from './publish/publish.ts';
import { wait } from './wait/wait.ts';
import { howToWithdraw } from './withdraw/how-to-withdraw.ts';
import { remove } from './withdraw/remove.ts';
import { withdraw } from './withdraw/withdraw.ts';
import { withdrawn } from './withdraw/withdrawn.ts';

export default definePlugin({
  name: 'pypi',
  contract: 1,
  steps: {
    build,
    publish,
    wait,
    'install-check': installCheck,
    'how-to-withdraw': howToWithdraw,
    remove,
    withdrawn,
    'choose-rollback': chooseRollback,
  },
  composites: { withdraw },
});
