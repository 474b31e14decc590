import { Type, type Static } from 'relpipe/plugin';
import type { Cli } from './docker.ts';
import { inspect } from './inspect.ts';
import { orNull, texts } from './docker-json.ts';

export interface EngineImage {
  /** `sha256:…`: of its config, or of its manifest where the engine keeps images in containerd. */
  readonly id: string;
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly hasHealthcheck: boolean;
}

/** An image as the engine has it; undefined where it has none of the name. @throws {StepError} */
export async function inspectImage(name: string, cli: Cli): Promise<EngineImage | undefined> {
  const [image] = await inspect('image', [name], inspected, cli);
  return image && describe(image);
}

const inspected = Type.Object({
  Id: Type.String(),
  Os: Type.String(),
  Architecture: Type.String(),
  Variant: Type.Optional(Type.String()),
  Config: Type.Optional(
    orNull(
      Type.Object({
        Labels: Type.Optional(orNull(texts)),
        Healthcheck: Type.Optional(orNull(Type.Object({ Test: Type.Optional(Type.Array(Type.String())) }))),
      }),
    ),
  ),
});

function describe({ Id, Os, Architecture, Variant, Config }: Static<typeof inspected>): EngineImage {
  const test = Config?.Healthcheck?.Test ?? [];
  return {
    id: Id,
    platform: [Os, Architecture, ...(Variant ? [Variant] : [])].join('/'),
    labels: Config?.Labels ?? {},
    hasHealthcheck: test.length > 0 && test[0] !== 'NONE',
  };
}
