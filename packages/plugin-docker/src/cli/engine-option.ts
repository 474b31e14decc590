import { Type } from 'relpipe/plugin';

/** `engine` of every step that works on a docker engine. */
export const engineOption = Type.String({
  pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.+-]*$',
  description: 'A context of the docker CLI (`docker context ls`); default: its current one, or DOCKER_HOST',
});
