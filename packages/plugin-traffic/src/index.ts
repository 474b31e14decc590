import { definePlugin } from 'relpipe/plugin';
import { canary } from './canary/canary.ts';
import { shift } from './shift/shift.ts';

export default definePlugin({ name: 'traffic', contract: 1, steps: { shift }, composites: { canary } });
