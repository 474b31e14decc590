/**
 * Number of the rules by which this engine decides, recorded with `planned` and `resumed`. It goes up with every change of a rule or a number
 * that a golden decision notices. Runs recorded under a lower number go on; those under a higher one are only read.
 */
export const rules = 2;
