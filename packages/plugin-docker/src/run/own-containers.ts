import type { Cli } from '../cli/docker.ts';
import { findContainers, type Container } from '../container/inspect-containers.ts';
import { idLabel } from '../container/own-label.ts';

/** What this step of this run has started, in whichever attempt. */
export const ownContainers = (key: string, cli: Cli): Promise<readonly Container[]> => findContainers([`label=${idLabel}=${key}`], cli);
