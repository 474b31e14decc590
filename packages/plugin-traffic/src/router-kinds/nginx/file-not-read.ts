import { StepError } from 'relpipe/plugin';

export const fileNotRead = (path: string) =>
  new StepError('TRAFFIC_NGINX_FILE_NOT_READ', `Nginx does not read ${path}: no change of it would have an effect.`, {
    hint: 'Give the file that nginx reads, or with `command` the flags that nginx was started with; `nginx -T` lists its files.',
  });
