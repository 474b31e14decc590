import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import type { Router } from '../router.ts';
import { AccessLog } from './access-log.ts';
import type { NginxConfig } from './nginx-config.ts';
import { NginxMaster } from './nginx-master.ts';
import { NginxRouter } from './nginx-router.ts';
import { UpstreamFile } from './upstream-file.ts';

/** Nginx is not asked yet. @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_FOUND` */
export async function openNginx(config: NginxConfig, context: ReadContext): Promise<Router> {
  const { upstream, command = ['nginx'], 'access-log': log, 'old-workers': patienceMs = 30_000 } = config;
  const path = await followed(resolve(context.workdir, config.config));
  return new NginxRouter({
    file: new UpstreamFile(path, upstream),
    master: new NginxMaster(command, context),
    log: log === undefined ? undefined : new AccessLog(resolve(context.workdir, log)),
    patienceMs,
    context,
  });
}

/** The file itself: a link to it, as in `sites-enabled`, must not be replaced by a file. */
async function followed(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new StepError('TRAFFIC_NGINX_FILE_NOT_FOUND', `The configuration file ${path} of nginx cannot be found.`, {
      hint: 'Give the path of the file that has the upstream, from the folder of the pipeline file.',
      cause,
    });
  }
}
