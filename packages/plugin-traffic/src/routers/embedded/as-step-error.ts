import { StepError } from 'relpipe/plugin';
import { RouterError } from '../../relpipe-router/router-error.ts';

/** Asks the router. Its errors become step errors with their code and hint; somebody else's change becomes `TRAFFIC_DRIFT`. */
export async function asStepError<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof RouterError)) throw cause;
    const { code, message, hint } = cause;
    throw new StepError(code === 'TRAFFIC_ROUTER_GENERATION_CONFLICT' ? 'TRAFFIC_DRIFT' : code, message, {
      hint,
      cause,
      retryable: code === 'TRAFFIC_ROUTER_NOT_REACHED',
    });
  }
}
