import { Type, type Static } from 'relpipe/plugin';
import { orNull, stringMap } from '../schemas.ts';
import { inspect, type Cli } from './docker.ts';

export interface EngineImage {
  /** `sha256:…` of its config, or of its manifest where the engine keeps images in containerd. */
  readonly id: string;
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** An image of the engine; undefined when it has none of this name. @throws {StepError} */
export async function inspectImage(name: string, cli: Cli): Promise<EngineImage | undefined> {
  const [image] = await inspect('image', [name], inspected, cli);
  return image && describe(image);
}

const inspected = Type.Object({
  Id: Type.String(),
  Os: Type.String(),
  Architecture: Type.String(),
  Variant: Type.Optional(Type.String()),
  Config: Type.Optional(orNull(Type.Object({ Labels: Type.Optional(orNull(stringMap())) }))),
});

const describe = ({ Id, Os, Architecture, Variant, Config }: Static<typeof inspected>): EngineImage => ({
  id: Id,
  platform: [Os, Architecture, ...(Variant ? [Variant] : [])].join('/'),
  labels: Config?.Labels ?? {},
});
