/** What a gate says of what it saw. `inconclusive`: too little to judge; `error`: it could not measure. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'error';
