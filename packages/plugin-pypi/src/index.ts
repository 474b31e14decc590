import { definePlugin } from 'relpipe/plugin';
import { wait } from './wait/wait.ts';

export default definePlugin({ name: 'pypi', contract: 1, steps: { wait } });
