import type { Router } from '@relpipe/plugin-traffic/router';
import type { ReadContext } from 'relpipe/plugin';
import { AdminApi } from './admin-api.ts';
import { DatabaseRouter } from './database-router.ts';
import { DbLessRouter } from './db-less-router.ts';
import type { KongConfig } from './kong.ts';

/** Does not contact Kong yet. */
export async function openKong(config: KongConfig, context: ReadContext): Promise<Router> {
  const { upstream, admin, nodes = [], token, settle = settleMs } = config;
  const apiAt = (url: string) => new AdminApi(url, token, context);
  const untilApplied = () => context.clock.sleep(settle);
  return admin === undefined
    ? new DbLessRouter(upstream, nodes.map(apiAt), untilApplied)
    : new DatabaseRouter(upstream, apiAt(admin), untilApplied);
}

/**
 * Two of Kong's defaults one after the other: `db_update_frequency` for the other nodes, `worker_state_update_frequency` for their workers.
 */
const settleMs = 10_000;
