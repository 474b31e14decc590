/** The door for packages that provide a router: `import { … } from '@relpipe/plugin-traffic/router'`. */
export { driftFrom } from '../sides/drift-from.ts';
export { shellWord } from '../sides/shell-word.ts';
export type { Router, RouterReading, RouterSide, SideTraffic, SideWeights, Testers, WeightKeeper } from './router.ts';
export { percentFromUnits } from './units/percent-from-units.ts';
export type { SideUnits } from './units/percent-from-units.ts';
export { unitsFor } from './units/units-for.ts';
export { unitsOfSum } from './units/units-of-sum.ts';
