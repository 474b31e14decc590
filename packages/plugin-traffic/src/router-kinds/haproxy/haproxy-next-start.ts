import { StepError } from 'relpipe/plugin';
import { driftFrom } from '../../sides/drift-from.ts';
import type { SideUnits } from '../units/percent-from-units.ts';
import { unitsFor } from '../units/units-for.ts';
import type { RouterReading, SideWeights, WeightKeeper } from '../router.ts';
import { mostUnits } from './most-units.ts';
import { notReady } from './not-ready.ts';
import { parseServerStates, revisionOf, weightsOf, type ServerState } from './server-states.ts';
import type { StateFile } from './state-file.ts';
import { withUnits } from './with-units.ts';

/** The state file of HAProxy while its Runtime API does not answer. */
export class HaproxyNextStart implements WeightKeeper {
  readonly name: string;
  readonly #file: StateFile;
  readonly #backend: string;
  readonly #atZero: 'drain' | 'maint';

  constructor(file: StateFile, backend: string, atZero: 'drain' | 'maint') {
    this.name = `the backend ${backend} in ${file.path}`;
    this.#file = file;
    this.#backend = backend;
    this.#atZero = atZero;
  }

  async read(): Promise<RouterReading> {
    const servers = this.#serversIn(await this.#file.read());
    return { sides: servers.map(({ name, url }) => ({ name, url })), weights: weightsOf(servers), revision: revisionOf(servers) };
  }

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    const states = await this.#file.read();
    const servers = this.#serversIn(states);
    if (revisionOf(servers) !== former.revision) throw driftFrom(this, former.weights, weightsOf(servers));
    const units = unitsFor(weights, mostUnits);
    if (this.#atZero !== 'maint') refuseAway(servers, units);
    await this.#file.write(withUnits(states, this.#backend, units, this.#atZero));
    return this.read();
  }

  #serversIn(states: string): readonly ServerState[] {
    const servers = parseServerStates(states).filter(({ backend }) => backend === this.#backend);
    if (servers.length === 0) throw nothingSaved(this.#backend, this.#file.path);
    return servers;
  }
}

/** Otherwise nobody would have the traffic. */
function refuseAway(servers: readonly ServerState[], units: SideUnits): void {
  for (const { backend, name, away } of servers) if (away !== undefined && (units[name] ?? 0) > 0) throw notReady(`${backend}/${name}`, away);
}

const nothingSaved = (backend: string, path: string) =>
  new StepError('TRAFFIC_HAPROXY_NOT_SAVED', `${path} says nothing of the backend ${backend}, so that HAProxy starts with the weights of its configuration.`, {
    hint: 'Check whether they are as they should be.',
  });
