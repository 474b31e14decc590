import { StepError, Type, type Static } from 'relpipe/plugin';
import { Check } from 'typebox/schema';

/**
 * Whether every gateway that the route hangs on has accepted it as it is now. A condition that does not say of which generation it speaks
 * is taken to speak of this one.
 * @throws {StepError} `KUBERNETES_ROUTE_NOT_ACCEPTED` when one has looked at it and refuses it, or cannot find a backend
 */
export function isTakenUp(object: object): boolean {
  if (!Check(objectSchema, object)) return false;
  const { generation } = object.metadata;
  const conditions = object.status.parents.map((parent) => parent.conditions.filter((condition) => isOf(condition, generation)));
  const refused = conditions.flat().find(({ type, status }) => wanted.includes(type) && status === 'False');
  if (refused) throw notAccepted(refused);
  return conditions.length > 0 && conditions.every((known) => known.some(({ type, status }) => type === 'Accepted' && status === 'True'));
}

const wanted = ['Accepted', 'ResolvedRefs'];

const conditionSchema = Type.Object({
  type: Type.String(),
  status: Type.String(),
  reason: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  observedGeneration: Type.Optional(Type.Integer()),
});
type Condition = Static<typeof conditionSchema>;
const objectSchema = Type.Object({
  metadata: Type.Object({ generation: Type.Integer() }),
  status: Type.Object({ parents: Type.Array(Type.Object({ conditions: Type.Array(conditionSchema) })) }),
});

const isOf = ({ observedGeneration = Number.POSITIVE_INFINITY }: Condition, generation: number): boolean => observedGeneration >= generation;

const notAccepted = ({ type, reason = '', message = '' }: Condition) =>
  new StepError('KUBERNETES_ROUTE_NOT_ACCEPTED', `The gateway does not take the HTTPRoute: ${type} is false, ${reason} ${message}`.trimEnd(), {
    hint: 'Check the status of the HTTPRoute, and whether the services of both sides are there.',
  });
