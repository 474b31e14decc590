import { definePlugin } from 'relpipe/plugin';
import { dashboard } from './dashboard/dashboard.ts';

export default definePlugin({ name: 'grafana', contract: 1, steps: { dashboard } });
