/** The full names of the types behind `run:` of a step and of a metric. A file never names them: their commands have to be prepared. */
export const runStepType = 'relpipe.run';
export const commandMetricType = 'relpipe.command';
