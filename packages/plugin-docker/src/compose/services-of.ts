import { labelOf, type Container } from '../container/inspect-containers.ts';

/** Containers by the name of their service. */
export function servicesOf(containers: readonly Container[]): ReadonlyMap<string, readonly Container[]> {
  const services = new Map<string, Container[]>();
  for (const container of containers) {
    const service = labelOf(container, 'com.docker.compose.service') ?? '';
    services.set(service, [...(services.get(service) ?? []), container]);
  }
  return services;
}

/** The image of each service; of one with several containers, of its first. */
export const imagesOf = (containers: readonly Container[]): Record<string, string> =>
  Object.fromEntries([...servicesOf(containers)].flatMap(([service, [first]]) => (first ? [[service, first.Image]] : [])));
