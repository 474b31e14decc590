import type { Finding } from 'relpipe/plugin';
import type { PreviewMatch, Router, RouterReading, RouterSide, SideTraffic, SideWeights, WeightKeeper } from '../routers/router.ts';
import { dividedAmong, type Groups } from './divided-among.ts';

/** Finds the servers of the sides that are several. */
type FindGroups = (keeper: WeightKeeper, reading: RouterReading) => Groups;

/** Where weights are kept, with several servers as one side. */
class JoinedKeeper<Keeper extends WeightKeeper> implements WeightKeeper {
  readonly name: string;
  readonly setPreview?: (match: PreviewMatch | undefined) => Promise<void>;
  protected readonly keeper: Keeper;
  protected last: RouterReading | undefined;
  readonly #findGroups: FindGroups;
  readonly #asNamed: Groups;

  /** @param asNamed the sides as the configuration names their servers, for a router that was never read */
  constructor(keeper: Keeper, findGroups: FindGroups, asNamed: Groups) {
    this.name = keeper.name;
    this.keeper = keeper;
    this.#findGroups = findGroups;
    this.#asNamed = asNamed;
    if (keeper.setPreview) this.setPreview = (match) => keeper.setPreview?.(match) ?? Promise.resolve();
  }

  async read(): Promise<RouterReading> {
    return this.#remember(await this.keeper.read());
  }

  /** Within a side, its servers keep their proportions. */
  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    if (this.last?.revision !== previous.revision) await this.read();
    return this.#remember(await this.keeper.write(this.divided(weights), previous));
  }

  protected groups(): Groups {
    return this.last === undefined ? this.#asNamed : this.#findGroups(this.keeper, this.last);
  }

  protected divided(weights: SideWeights): SideWeights {
    return dividedAmong(this.groups(), weights, this.last);
  }

  protected joined(weights: SideWeights): SideWeights {
    return joinWeights(weights, this.groups());
  }

  #remember(reading: RouterReading): RouterReading {
    this.last = reading;
    return joinReading(reading, this.groups());
  }
}

/** A router for which several servers are one side. */
export class JoinedRouter extends JoinedKeeper<Router> implements Router {
  readonly measure?: () => Promise<SideTraffic>;
  readonly manualCommand?: (weights: SideWeights) => string;
  readonly nextStart?: () => WeightKeeper;

  constructor(router: Router, findGroups: FindGroups, asNamed: Groups) {
    super(router, findGroups, asNamed);
    if (router.measure) this.measure = () => this.#measure(router);
    if (router.manualCommand) this.manualCommand = (weights) => router.manualCommand?.(this.#dividedNow(weights)) ?? '';
    const start = router.nextStart?.();
    if (start) this.nextStart = () => new JoinedKeeper(start, findGroups, asNamed);
  }

  nearest(weights: SideWeights): SideWeights {
    const wanted = this.#dividedNow(weights);
    const none = Object.fromEntries(Object.keys(weights).map((name) => [name, 0]));
    return { ...none, ...this.joined(this.keeper.nearest?.(wanted) ?? wanted) };
  }

  async verify(weights: SideWeights): Promise<readonly Finding[]> {
    await this.read();
    const groups = [...this.groups()].filter(([name]) => (weights[name] ?? 0) > 0);
    const refused = (await this.keeper.verify?.(this.divided(weights))) ?? [];
    return [...refused, ...groups.flatMap((group) => warnOfMissing(group, this.last))];
  }

  /** Without the servers whose weight does not count. */
  #dividedNow(weights: SideWeights): SideWeights {
    const away = this.last?.sides.filter((side) => side.away !== undefined && !(side.name in weights)).map(({ name }) => name) ?? [];
    return Object.fromEntries(Object.entries(this.divided(weights)).filter(([name]) => !away.includes(name)));
  }

  async #measure(router: Router): Promise<SideTraffic> {
    const traffic = await router.measure?.();
    return { revision: traffic?.revision ?? '', requests: this.joined(traffic?.requests ?? {}) };
  }
}

function joinReading(reading: RouterReading, groups: Groups): RouterReading {
  const grouped = new Set([...groups.values()].flat());
  const sides = [...groups].map(([name, servers]) => joinServers(name, reading.sides.filter((side) => servers.includes(side.name))));
  const { weights, possibleWeights } = reading;
  return {
    ...reading,
    sides: [...sides, ...reading.sides.filter(({ name }) => !grouped.has(name))],
    weights: joinWeights(weights, groups),
    ...(possibleWeights !== undefined && { possibleWeights: joinWeights(possibleWeights, groups) }),
  };
}

/** A side is down where each of its servers is. */
function joinServers(name: string, servers: readonly RouterSide[]): RouterSide {
  const down = servers.every((server) => server.down !== undefined) ? [...new Set(servers.map((server) => server.down))].join(', ') : undefined;
  return { name, url: servers.map(({ url }) => url).join(' + '), ...(down !== undefined && { down }) };
}

function joinWeights(weights: SideWeights, groups: Groups): SideWeights {
  const joined: Record<string, number> = {};
  const nameOf = new Map([...groups].flatMap(([name, servers]) => servers.map((server) => [server, name] as const)));
  for (const [server, weight] of Object.entries(weights)) {
    const name = nameOf.get(server) ?? server;
    joined[name] = (joined[name] ?? 0) + weight;
  }
  return joined;
}

/** A part of a side is not served: what is asked for is then not what is served, or more for the others. */
function warnOfMissing([name, servers]: readonly [string, readonly string[]], reading: RouterReading | undefined): readonly Finding[] {
  const missing = reading?.sides.filter((side) => servers.includes(side.name) && (side.down ?? side.away) !== undefined) ?? [];
  if (missing.length === 0 || missing.length === servers.length) return [];
  const each = missing.map((side) => `${side.name}: ${side.down ?? side.away ?? ''}`).join('; ');
  return [
    {
      level: 'warning',
      code: 'TRAFFIC_SIDE_NOT_READY',
      message: `Of the ${servers.length} servers of the side ${name}, ${missing.length} cannot be served now: ${each}.`,
      hint: 'Start them before this step, or leave them out of the side: the others get their part.',
    },
  ];
}
