/**
 * Number of the rules by which this engine decides, recorded with `planned` and `resumed`. It is increased with every change of a rule or a
 * number that changes a golden decision. Runs recorded under a lower number are continued; those under a higher one are only read.
 */
export const rules = 3;
