import { Type, type Later } from 'relpipe/plugin';

const server = Type.String({ minLength: 1 });

/** A side: one server of the router, a pattern with `*`, or a list of these. */
export const sideSetting = (description: string) =>
  Type.Union([server, Type.Array(server, { minItems: 1 })], {
    description: `${description}, as the router names it: its name, URL or host:port; a pattern such as web-*; or a list of these`,
  });
export type SideSetting = string | readonly string[];

export type PlannedSide = SideSetting | readonly (string | Later<string>)[] | Later<SideSetting> | Later<string[]>;
type Joined<Side> = [Extract<Side, Later<unknown>>] extends [never] ? string : string | Later<string>;

/** A configuration whose sides are texts, for a router that has them as its sides. */
export type JoinedConfig<Config> = {
  readonly [Key in keyof Config]: Key extends 'stable' | 'candidate' ? Joined<Config[Key]> : Config[Key];
};
