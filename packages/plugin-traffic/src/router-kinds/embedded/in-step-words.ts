import { StepError } from 'relpipe/plugin';
import { RouterError } from '../../router/router-error.ts';

/** Asks the router; its refusals become step errors with their code and hint, and somebody else's change becomes `TRAFFIC_DRIFT`. */
export async function inStepWords<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof RouterError)) throw cause;
    const { message, hint } = cause;
    throw new StepError(codeOf(cause), message, { hint, cause, retryable: cause.code === 'TRAFFIC_ROUTER_NOT_REACHED' });
  }
}

const codeOf = ({ code }: RouterError) => (code === 'TRAFFIC_ROUTER_GENERATION_CONFLICT' ? 'TRAFFIC_DRIFT' : code);
