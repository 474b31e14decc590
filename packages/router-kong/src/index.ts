import { definePlugin } from 'relpipe/plugin';
import { kong } from './kong.ts';

export default definePlugin({ name: 'kong', contract: 1, provides: { 'traffic.router': { kong } } });
