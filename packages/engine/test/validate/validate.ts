import { Type } from 'typebox';
import { definePlugin, quantity, secret, shape, type Plugin } from '../../src/contract/index.ts';
import { parsePipeline } from '../../src/load/parse-pipeline.ts';
import { builtInPlugins } from '../../src/builtin/built-in-plugins.ts';
import { checkExpression } from '../../src/expressions/check-expression.ts';
import { RegistryBuilder } from '../../src/plugins/registry.ts';
import { validatePipeline, type Validation } from '../../src/validate/validate-pipeline.ts';
import type { ValidPipeline } from '../../src/validate/valid-pipeline.ts';

const phase = Type.Object({ weight: quantity('percent', 'Share.'), hold: quantity('duration', 'How long.') }, { additionalProperties: false });

/** A plugin with one of each: enough for the pipelines of these tests. */
const shop: Plugin = definePlugin({
  name: 'shop',
  contract: 1,
  steps: {
    push: {
      summary: 'Pushes',
      with: Type.Object({ tag: Type.String(), token: Type.Optional(secret('A token.')) }, { additionalProperties: false }),
      outputs: Type.Object({ digest: Type.String(), share: quantity('percent', 'Share.') }),
      onLost: 'retry',
      rollback: 'nothing',
      run: () => Promise.resolve({ digest: 'sha256:0', share: 1 }),
    },
  },
  composites: {
    canary: {
      summary: 'Shifts and holds',
      with: Type.Object({ phases: shape(Type.Array(phase)) }, { additionalProperties: false }),
      outputs: Type.Object({ weight: quantity('percent', 'Share.') }),
      unfold: () => ({ weight: 100 }),
    },
  },
  metrics: {
    query: {
      summary: 'Asks',
      with: Type.Object({ query: Type.String() }, { additionalProperties: false }),
      unit: 'from-config',
      answersForThePast: true,
      measure: () => Promise.resolve([]),
    },
  },
});

const { registry } = new RegistryBuilder([...builtInPlugins, shop]).build(false);

export const validate = (source: string): Validation =>
  validatePipeline(parsePipeline('/project/release.pipeline.yaml', `relpipe: 1\nname: sample\n${source}`), registry, checkExpression);

export function valid(source: string): ValidPipeline {
  const result = validate(source);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.value;
}

/** `CODE line:column` of everything that is wrong; lines count without the two that every sample has. */
export function findings(source: string): string[] {
  const result = validate(source);
  return result.ok ? [] : result.diagnostics.map(({ code, at }) => `${code} ${(at?.line ?? 0) - 2}:${at?.column ?? 0}`);
}
