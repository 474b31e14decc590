/** The door for packages that provide a router: `import { … } from '@relpipe/plugin-traffic/router'`. */
export { driftError, isSameDivision } from '../weights/weights.ts';
export type { PreviewMatch, Router, RouterReading, RouterSide, SideTraffic, SideWeights, WeightKeeper } from './router.ts';
export { percentFromUnits, unitsFor, unitsOfSum } from './units.ts';
export type { SideUnits } from './units.ts';
