import { definePlugin } from 'relpipe/plugin';
import { log } from './log/log.ts';
import { webhook } from './webhook/webhook.ts';

export default definePlugin({ name: 'notify', contract: 1, channels: { log, webhook } });
