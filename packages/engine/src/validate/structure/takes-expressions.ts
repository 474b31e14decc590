import type { Path } from '../../load/raw-pipeline.ts';

/** Whether the expressions of a string are evaluated, whatever is wrong with the keys around it. */
export function takesExpressions([root, ...inside]: Path): boolean {
  if (root === 'outputs') return inside.length === 1;
  if (root === 'concurrency') return inside[0] === 'group';
  if (root === 'defaults') return inside.length === 2 && inside[0] === 'env';
  if (root === 'secrets') return inside.length === 2 && inside[1] === 'from';
  if (root === 'inputs') return inside.length === 2 && inside[1] === 'default';
  if (root === 'notify') return inside[1] === 'with' || inside[1] === 'when';
  if (root === 'windows') return inside[1] === 'except';
  if (root === 'groups') return ['run', 'with'].includes(String(inside[1]));
  if (root === 'gates') return inside[1] === 'metrics' && ['run', 'with', 'baseline'].includes(String(inside[3]));
  if (root === 'finally') return isEvaluatedInStep(inStep(['finally', ...inside]));
  if (root !== 'stages') return false;
  const [, ...ofStage] = inside;
  if (ofStage[0] === 'concurrency') return ofStage[1] === 'group';
  return ['when', 'window', 'runs-on'].includes(String(ofStage[0])) || isEvaluatedInStep(inStep(ofStage));
}

/** What is left of a path inside the innermost step; steps are in lists of steps, also in those of other steps. */
function inStep(path: Path): Path {
  const [list, index, ...inside] = path;
  return ['steps', 'finally', 'rollback'].includes(String(list)) && /^\d+$/.test(String(index)) ? inStep(inside) : path;
}

function isEvaluatedInStep([key, second, ...deeper]: Path): boolean {
  if (key === 'approvers') return ['count', 'of', 'except', 'delegates'].includes(String(second));
  if (key === 'items') return second !== undefined;
  if (key === 'matrix') return second === 'axes' && deeper.length === 1;
  return ['when', 'runs-on', 'artifacts', 'environment', 'run', 'probe', 'env', 'workdir', 'with', 'hold', 'approval', 'assert', 'message', 'window'].includes(String(key));
}
