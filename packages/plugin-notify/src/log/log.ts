import { defineChannel, Type, type Static } from 'relpipe/plugin';

const logConfig = Type.Object(
  {
    file: Type.Optional(
      Type.String({ minLength: 1, description: 'The file, beside the pipeline file if its path is relative; default: standard error' }),
    ),
    format: Type.Optional(
      Type.Union([Type.Literal('text'), Type.Literal('json')], { description: 'What a line contains; default: `json` for a file `*.jsonl`, otherwise `text`' }),
    ),
  },
  { additionalProperties: false },
);
export type LogConfig = Static<typeof logConfig>;
export type LogSchema = typeof logConfig;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./log.impl.ts');

/** `notify.log`: one line for each event. */
export const log = defineChannel({
  summary: 'Appends a line to a file, or writes it to standard error',
  with: logConfig,
  verify: async (config, context) => (await impl()).verify(config, context),
  send: async (config, message, context) => (await impl()).send(config, message, context),
});
