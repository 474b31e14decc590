/** The full names of the types behind `run:` of a step, of a metric and of a group. A file never names them: their commands have to be prepared. */
export const runStepType = 'relpipe.run';
export const commandMetricType = 'relpipe.command';
export const commandGroupType = 'relpipe.members';
