import { Type } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import type { AdminApi } from './admin-api.ts';

/**
 * The targets of an upstream that Kong's health checks have taken out; none where Kong does not report health, such as a control plane.
 * Source: https://developer.konghq.com/api/gateway/admin-oss/, "Show upstream health for node".
 */
export async function readUnhealthy(api: AdminApi, upstream: string): Promise<ReadonlySet<string>> {
  const { status, body } = await api.get(`/upstreams/${encodeURIComponent(upstream)}/health?size=1000`);
  if (status !== 200 || !Check(healthSchema, body)) return new Set();
  return new Set(body.data.filter(({ health }) => health === 'UNHEALTHY').map(({ target }) => target));
}

const healthSchema = Type.Object({ data: Type.Array(Type.Object({ target: Type.String(), health: Type.String() })) });

/** What a side says of its health, where that excludes it. */
export const downBy = (isUnhealthy: boolean): { readonly down?: string } => (isUnhealthy ? { down: 'UNHEALTHY' } : {});
