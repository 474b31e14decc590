import { definePlugin } from 'relpipe/plugin';
import { promote } from './promote/promote.ts';

export default definePlugin({ name: 'docker', contract: 1, steps: { promote } });
