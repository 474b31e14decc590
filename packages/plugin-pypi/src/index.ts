import { definePlugin } from 'relpipe/plugin';
import { build } from './build/build.ts';
import { chooseRollback } from './choose-rollback/choose-rollback.ts';
import { publish } from './publish/publish.ts';
import { wait } from './wait/wait.ts';

export default definePlugin({ name: 'pypi', contract: 1, steps: { build, publish, wait, 'choose-rollback': chooseRollback } });
