import { checkPipeline } from '../check-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';

/** `relpipe validate FILE` */
export async function validate(file: string): Promise<number> {
  const { pipeline } = await checkPipeline(file);
  if (!pipeline) return exitCodes.refused;
  const steps = pipeline.stages.flatMap((stage) => stage.steps).length;
  process.stdout.write(`${pipeline.name}: ${String(pipeline.stages.length)} stages, ${String(steps)} steps, nothing wrong\n`);
  return exitCodes.succeeded;
}
