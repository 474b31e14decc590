import { Type, type Static } from 'relpipe/plugin';

const point = Type.Tuple([Type.Number(), Type.String()]);
const labels = Type.Record(Type.String(), Type.String());
const notes = Type.Optional(Type.Array(Type.String()));

const scalar = Type.Object({ resultType: Type.Literal('scalar'), result: point });
const vector = Type.Object({
  resultType: Type.Literal('vector'),
  result: Type.Array(Type.Object({ metric: labels, value: Type.Optional(point) })),
});
const matrix = Type.Object({
  resultType: Type.Literal('matrix'),
  result: Type.Array(Type.Object({ metric: labels, values: Type.Optional(Type.Array(point)) })),
});
const text = Type.Object({ resultType: Type.Literal('string'), result: point });

/**
 * What `/api/v1/query` and `/api/v1/query_range` answer (https://prometheus.io/docs/prometheus/latest/querying/api/). A series
 * without values is made of native histograms.
 */
export const successReply = Type.Object({
  status: Type.Literal('success'),
  data: Type.Union([scalar, vector, matrix, text]),
  warnings: notes,
  infos: notes,
});
export type SuccessReply = Static<typeof successReply>;
