import type { FoundRouter } from '../router/find-router.ts';
import type { AskedRouter } from './asked-router.ts';
import type { EnsureOutputs } from './ensure-config.ts';

/** What the step says about the router that lives now. */
export const reportRouter = ({ flags }: AskedRouter, { status }: FoundRouter, started: boolean): EnsureOutputs => ({
  listen: status.listen,
  control: status.control,
  state: flags.state,
  pid: status.pid,
  started,
});
