import { counted } from '../../util/phrases.ts';
import { exitCodes } from '../exit-codes.ts';
import { print } from '../output.ts';
import { checkPipeline } from '../session/check-pipeline.ts';
import { fileArgument, type AddCommand } from './options.ts';

/** `relpipe validate [FILE]` */
export const addValidate: AddCommand = (program, exit) => {
  program
    .command('validate')
    .description('check a pipeline file and list everything that is wrong with it')
    .argument(...fileArgument)
    .action(async (file: string) => exit(await validate(file)));
};

async function validate(file: string): Promise<number> {
  const { pipeline } = await checkPipeline(file);
  if (!pipeline) return exitCodes.refused;
  const steps = pipeline.stages.flatMap((stage) => stage.steps).length;
  await print(`${pipeline.name}: ${counted(pipeline.stages.length, 'stage')}, ${counted(steps, 'step')}, no errors\n`);
  return exitCodes.succeeded;
}
