/** Set by the build, from package.json. */
declare const RELPIPE_VERSION: string;

/** Of relpipe; recorded with each process that decides on a run. */
export const version = RELPIPE_VERSION;
