import { definePlugin } from 'relpipe/plugin';

export default definePlugin({ name: 'docker', contract: 1 });
