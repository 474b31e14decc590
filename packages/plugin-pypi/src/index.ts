import { definePlugin } from 'relpipe/plugin';

export default definePlugin({ name: 'pypi', contract: 1 });
