/** The door for tests of routers: `import { routerRules } from '@relpipe/plugin-traffic/testing'`. */
export { routerRules } from './router-rules.ts';
export type { RouterRule } from './router-rig.ts';
export type { OpenRig, RouterRig, TwoSides } from './router-rig.ts';
