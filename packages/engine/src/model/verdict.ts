/** The judgement of a gate on its samples. `inconclusive`: too little to judge; `error`: it could not measure. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'error';
