import type { ErrorObject } from 'ajv/dist/2020.js';

/**
 * Of a union ajv reports every branch. The branch that was meant is the one whose value has the right type; when there is exactly one such
 * branch its errors speak, else the union as a whole does.
 */
export function pickShapeErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(isUnion).sort((a, b) => b.schemaPath.length - a.schemaPath.length);
  return unions.reduce<readonly ErrorObject[]>(pickBranch, errors);
}

const isUnion = ({ keyword }: ErrorObject): boolean => keyword === 'anyOf' || keyword === 'oneOf';

function pickBranch(errors: readonly ErrorObject[], union: ErrorObject): readonly ErrorObject[] {
  const inside = errors.filter((error) => error !== union && branchOf(error, union) !== undefined);
  const branches = Map.groupBy(inside, (error) => branchOf(error, union));
  const others = errors.filter((error) => error !== union && !inside.includes(error));
  if (hasTwoMatches(union)) return others.concat(union);
  // A branch without errors left has been forgiven all of them.
  if (branches.size < branchesOf(union).length) return others;
  const meant = [...branches.values()].filter((branch) => !branch.some((error) => isOtherKind(error, union)));
  const [only] = meant;
  const kept = meant.length === 1 && only ? only : [union];
  return others.concat(kept);
}

const branchesOf = (union: ErrorObject): readonly unknown[] => union.schema as readonly unknown[];

const hasTwoMatches = ({ params }: ErrorObject): boolean => Array.isArray((params as { passingSchemas?: unknown }).passingSchemas);

/** `#/properties/router/anyOf/1/required` lies in branch 1 of `#/properties/router/anyOf`. */
function branchOf(error: ErrorObject, union: ErrorObject): string | undefined {
  const prefix = `${union.schemaPath}/`;
  const isInside = error.schemaPath.startsWith(prefix) && error.instancePath.startsWith(union.instancePath);
  return isInside ? error.schemaPath.slice(prefix.length).split('/')[0] : undefined;
}

const isOtherKind = (error: ErrorObject, union: ErrorObject): boolean =>
  ['type', 'const', 'enum'].includes(error.keyword) &&
  (error.instancePath === union.instancePath || error.keyword === 'const');
