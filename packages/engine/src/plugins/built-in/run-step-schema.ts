import { Type } from 'typebox';
import { typeNames } from '../../expressions/scope.ts';
import { secret } from '../../contract/index.ts';

const command = (description: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String(), { minItems: 1 })], { description });

/** `with` of the built-in step type `relpipe.run`: what `run:` and the keys beside it say. */
export const runStepSchema = Type.Object(
  {
    command: command('A text for the shell, or a list of arguments that needs none.'),
    env: Type.Optional(
      Type.Record(Type.String(), Type.Union([secret('A secret.'), Type.String()]), { description: 'Added to the environment.' }),
    ),
    workdir: Type.Optional(Type.String({ description: 'Default: the folder of the pipeline file.' })),
    probe: Type.Optional(command('Tells whether it is already so: exit code 0 is yes, 1 is no.')),
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
