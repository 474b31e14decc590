import { Type } from 'typebox';
import { defineMetric, defineStep, type RunContext } from '../../contract/index.ts';
import { checkUrl } from './check-url.ts';
import { httpCheckSchema, type HttpCheckConfig } from './http-check-schema.ts';
import { refusedStep } from './refused-step.ts';

/** `http.check` as a metric: yes when the service answers as wanted, no when it does not or cannot. */
export const httpCheckMetric = defineMetric({
  summary: 'Whether a URL answers as a healthy service does',
  with: httpCheckSchema,
  unit: 'yes-no',
  answersForThePast: false,
  async measure(config, _look, context) {
    const at = context.clock.now();
    const { isHealthy, ...raw } = await checkUrl(config, context);
    return [{ at, value: isHealthy ? 1 : 0, query: `${config.method ?? 'GET'} ${config.url}`, raw, warnings: [] }];
  },
});

/** `http.check` as a step: waits until the service is healthy, as long as the attempt lasts. */
export const httpCheckStep = defineStep({
  summary: 'Waits until a URL answers as a healthy service does',
  with: httpCheckSchema,
  outputs: Type.Object({ status: Type.Integer(), ms: Type.Integer() }),
  onLost: 'retry',
  rollback: 'nothing',
  run: waitUntilHealthy,
});

const pauseMs = 1_000;

async function waitUntilHealthy(config: HttpCheckConfig, context: RunContext<unknown>): Promise<{ status: number; ms: number }> {
  for (let because = ''; ; ) {
    const answer = await checkUrl(config, context);
    if (answer.isHealthy && answer.status !== undefined) return { status: answer.status, ms: answer.ms };
    if (answer.because !== because) context.log(`not healthy yet: ${answer.because}`);
    because = answer.because;
    await pause(config.url, because, context);
  }
}

/** When the attempt ends meanwhile, what was wrong last says more than that it took too long. */
async function pause(url: string, because: string, { clock, signal }: RunContext<unknown>): Promise<void> {
  try {
    await clock.sleep(pauseMs);
  } catch (error) {
    throw signal.aborted ? refusedStep('REL_HTTP_CHECK_UNHEALTHY', { url, because }, true) : error;
  }
}
