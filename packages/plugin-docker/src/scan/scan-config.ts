import { Type, type Static } from 'relpipe/plugin';
import { logins } from '../credentials/logins.ts';
import { imageReference } from '../reference/image-reference.ts';
import { severities } from './severity.ts';

const limit = Type.Optional(Type.Integer({ minimum: 0 }));
const limits = Object.fromEntries(severities.map((severity) => [severity, limit])) as Record<(typeof severities)[number], typeof limit>;

/** `with` of `docker.scan`. */
export const scanConfig = Type.Object(
  {
    image: imageReference('What is scanned, best by its digest: a report on another image is refused'),
    command: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'The scanner, without a shell, writing SARIF, or the JSON of trivy or grype; default: trivy, else grype, where `report` does not name a file',
      }),
    ),
    report: Type.Optional(
      Type.String({ minLength: 1, description: 'File the report is in, from the folder of the pipeline file; default: what the command writes to standard output' }),
    ),
    max: Type.Optional(
      Type.Object(limits, { additionalProperties: false, description: 'How many findings of a severity may be; default `{ critical: 0, high: 0 }`' }),
    ),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type ScanConfig = Static<typeof scanConfig>;

const counts = Object.fromEntries(severities.map((severity) => [severity, Type.Integer()])) as Record<(typeof severities)[number], ReturnType<typeof Type.Integer>>;

export const scanned = Type.Object({
  scanner: Type.String({ description: 'By its own name' }),
  ...counts,
});
export type Scanned = Static<typeof scanned>;
