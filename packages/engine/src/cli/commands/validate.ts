import { checkPipeline } from '../session/make-plan.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';

/** `relpipe validate FILE` */
export async function validate(file: string): Promise<number> {
  const { pipeline } = await checkPipeline(file);
  if (!pipeline) return exitCodes.refused;
  const steps = pipeline.stages.flatMap((stage) => stage.steps).length;
  await say(`${pipeline.name}: ${counted(pipeline.stages.length, 'stage')}, ${counted(steps, 'step')}, nothing wrong\n`);
  return exitCodes.succeeded;
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;
