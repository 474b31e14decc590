import { Type, type Static } from 'typebox';
import { defineStep, secret } from '../contract/index.ts';
import { typeNames } from '../expressions/scope.ts';

const command = (description: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String(), { minItems: 1 })], { description });

/** `with` of the built-in step type `relpipe.run`: what `run:` and the keys beside it say. */
export const runSchema = Type.Object(
  {
    command: command('A string for the shell, or a list of arguments that needs none.'),
    env: Type.Optional(
      Type.Record(Type.String(), Type.Union([secret('A secret.'), Type.String()]), { description: 'Added to the environment.' }),
    ),
    workdir: Type.Optional(Type.String({ description: 'Default: the folder of the pipeline file.' })),
    probe: Type.Optional(command('Tells whether the work is already done: exit code 0 is yes, 1 is no.')),
    outputs: Type.Optional(
      Type.Record(Type.String(), Type.Union(typeNames.map((name) => Type.Literal(name))), {
        description: 'What the command writes as name=value lines to $RELPIPE_OUTPUT, by type.',
      }),
    ),
    variables: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'Values of the expressions in `command`, by the variable that carries them.' }),
    ),
  },
  { additionalProperties: false },
);

export type RunConfig = Static<typeof runSchema>;

const impl = () => import('./run.impl.ts');

/** The step type behind `run:`. Its probe answers by exit code: 0 is done, 1 is not done, anything else is unknown. */
export const runStep = defineStep({
  summary: 'Runs a command; what it prints is its log.',
  with: runSchema,
  outputs: Type.Record(Type.String(), Type.Unknown()),
  state: Type.Record(Type.String(), Type.String()),
  rollback: 'nothing',
  onLost: 'probe',
  run: async (config, context) => (await impl()).run(config, context),
  probe: async (config, context) => (await impl()).probe(config, context),
});
