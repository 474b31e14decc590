export { limitProblem } from '../validate/within-limits.ts';
