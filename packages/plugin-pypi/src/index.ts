import { definePlugin } from 'relpipe/plugin';
import { chooseRollback } from './choose-rollback/choose-rollback.ts';
import { wait } from './wait/wait.ts';

export default definePlugin({ name: 'pypi', contract: 1, steps: { wait, 'choose-rollback': chooseRollback } });
