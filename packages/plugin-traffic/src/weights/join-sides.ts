import { isLater, plannedText, StepError, type Later, type Provided, type ReadContext } from 'relpipe/plugin';
import type { Router, RouterReading, WeightKeeper } from '../routers/router.ts';
import type { Groups } from './divided-among.ts';
import { JoinedRouter } from './joined-router.ts';
import type { JoinedConfig, PlannedSide, SideSetting } from './side-setting.ts';
import { isAt, sideUnknown } from './sides.ts';

/** The name of a side in weights and messages. */
const sideName = (side: SideSetting): string => (typeof side === 'string' ? side : side.join(' + '));

/**
 * The router's names for the servers of a side.
 * @throws {StepError} `TRAFFIC_SIDE_UNKNOWN` where a part of it names none
 */
export function serversOf(side: SideSetting, router: WeightKeeper, reading: RouterReading): readonly string[] {
  const found = [side].flat().flatMap((text) => {
    const names = serversNamed(text, reading);
    if (names.length === 0) throw sideUnknown(text, router, reading.sides);
    return names;
  });
  return [...new Set(found)];
}

/** By its name, by a pattern, or by an address, which several servers may have. */
function serversNamed(text: string, { sides }: RouterReading): readonly string[] {
  const named = sides.filter(({ name }) => name === text);
  const pattern = new RegExp(`^${text.replaceAll(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`);
  const found = named.length > 0 ? named : sides.filter((one) => (text.includes('*') && pattern.test(one.name)) || isAt(text, one));
  return found.map(({ name }) => name);
}

/** Joins the servers of each side of a step, so that all that follows has two sides with a name. */
export function joinSides<
  Config extends { readonly router: Provided<Router> | Later<Provided<Router>>; readonly stable: PlannedSide; readonly candidate: PlannedSide },
>(config: Config): JoinedConfig<Config> {
  const { router, stable, candidate } = config;
  const given = [stable, candidate].filter((side) => isKnownSide(side));
  const joined = isLater(router) || given.length < 2 ? router : { name: router.name, open: openJoined(router, given) };
  return { ...config, router: joined, stable: plannedName(stable), candidate: plannedName(candidate) } as JoinedConfig<Config>;
}

/** Before the run a side, or a part of it, may not be known. */
export const isKnownSide = (side: PlannedSide): side is SideSetting => !isLater(side) && [side].flat().every((text) => !isLater(text));

const plannedName = (side: PlannedSide): string | Later<string> => {
  if (isLater(side)) return side as Later<string>;
  return isKnownSide(side) ? sideName(side) : { $later: side.map(plannedText).join(' + ') };
};

const openJoined = (router: Provided<Router>, sides: readonly SideSetting[]) => async (context: ReadContext) => {
  const asNamed = new Map(sides.filter((side) => !isPlain(side)).map((side) => [sideName(side), [side].flat()]));
  return new JoinedRouter(await router.open(context), (keeper, reading) => groupsOf(sides, keeper, reading), asNamed);
};

/** The sides that are several servers, or a list or pattern of one. @throws {StepError} `TRAFFIC_SIDES_SAME` where a server is in both */
function groupsOf(sides: readonly SideSetting[], keeper: WeightKeeper, reading: RouterReading): Groups {
  const found = sides.map((side) => ({ side, servers: isPlain(side) ? serversNamed(side, reading) : serversOf(side, keeper, reading) }));
  const groups = found.filter(({ side, servers }) => !isPlain(side) || servers.length > 1);
  const [first, second] = found;
  const both = groups.length > 0 ? first?.servers.find((name) => second?.servers.includes(name)) : undefined;
  if (both !== undefined) throw inBothSides(both, keeper);
  return new Map(groups.map(({ side, servers }) => [sideName(side), servers]));
}

/** Such a text may name no server: then the search for the side reports it. */
const isPlain = (side: SideSetting): side is string => typeof side === 'string' && !side.includes('*');

const inBothSides = (server: string, { name }: WeightKeeper) =>
  new StepError('TRAFFIC_SIDES_SAME', `${server} of ${name} belongs to stable and to candidate.`, {
    hint: 'List each server in one of them only.',
  });
