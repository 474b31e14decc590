import { Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { parseJson } from '../registry/parse-json.ts';
import { commandFailed } from './command-failed.ts';
import { tryDocker, type Cli } from './docker.ts';

const texts = Type.Record(Type.String(), Type.String());

const inspected = Type.Array(
  Type.Object({
    Id: Type.String(),
    Os: Type.String(),
    Architecture: Type.String(),
    Variant: Type.Optional(Type.String()),
    Config: Type.Optional(
      Type.Union([
        Type.Object({
          Labels: Type.Optional(Type.Union([texts, Type.Null()])),
          Healthcheck: Type.Optional(Type.Union([Type.Object({ Test: Type.Optional(Type.Array(Type.String())) }), Type.Null()])),
        }),
        Type.Null(),
      ]),
    ),
  }),
  { minItems: 1 },
);

export interface EngineImage {
  /** `sha256:…`: of its config, or of its manifest where the engine keeps images in containerd. */
  readonly id: string;
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly hasHealthcheck: boolean;
}

/** An image as the engine has it; undefined where it has none of the name. @throws {StepError} */
export async function inspectImage(name: string, cli: Cli): Promise<EngineImage | undefined> {
  const args = ['image', 'inspect', name];
  const result = await tryDocker(args, cli);
  if (result.code !== 0 && /no such image/i.test(result.stderr)) return undefined;
  const found = parseJson(Buffer.from(result.stdout));
  if (result.code !== 0 || !Value.Check(inspected, found)) throw commandFailed(['docker', ...args], result);
  const [image] = found;
  return image && describe(image);
}

function describe({ Id, Os, Architecture, Variant, Config }: Static<typeof inspected>[number]): EngineImage {
  const test = Config?.Healthcheck?.Test ?? [];
  return {
    id: Id,
    platform: [Os, Architecture, ...(Variant ? [Variant] : [])].join('/'),
    labels: Config?.Labels ?? {},
    hasHealthcheck: test.length > 0 && test[0] !== 'NONE',
  };
}
