import { rules } from '../../../src/run/core/rules-version.ts';
import type { FactBody } from '../../../src/run/core/fact.ts';
import { type Codec, decode, encode } from '../../../src/schema/decode.ts';
import { barePlan } from '../../fixtures/bare-plan.ts';

export const run = { id: '20261120-1642-k3f9', name: 'engine', createdAt: 1_000, fingerprint: 'f1' };

export const plan = barePlan({ name: run.name });

export const planned: FactBody = { fact: 'planned', run: run.id, plan, parallel: 4, who: { who: 'ann', by: 'os-user' }, rules, engine: '0.1.0' };

export const codec: Codec = { decode, encode };
