import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanStep } from '../../../src/plan/plan.ts';
import { decide } from '../../../src/run/core/decide.ts';
import { decided, evolve } from '../../../src/run/core/evolve.ts';
import type { FactBody, ResolvedGroups } from '../../../src/run/core/fact.ts';
import { newRunState, type RunState } from '../../../src/run/core/state/run-state.ts';
import { planned, planOf, task } from './plans.ts';
import { simpleExpressions } from './simple-expressions.ts';

const everybody = ['ann', 'bob', 'tim', 'zoe', 'eve'] as const;
const person = fc.constantFrom(...everybody);
const some = (minLength: number) => fc.uniqueArray(person, { minLength, maxLength: 4 });

/** `of` are the members of a group that is looked up, so that they may change with each answer. */
const question = fc.record({
  quorum: fc.oneof({ arbitrary: fc.constant('all' as const), weight: 1 }, { arbitrary: fc.integer({ min: 1, max: 3 }), weight: 2 }),
  of: some(1),
  except: fc.uniqueArray(person, { maxLength: 2 }),
  delegates: some(0),
  items: fc.integer({ min: 0, max: 2 }),
});
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never;

const said = fc.record({
  who: person,
  onBehalfOf: fc.option(person, { nil: undefined }),
  answer: fc.constantFrom<('yes' | 'withdrawn' | 'no')[]>('yes', 'yes', 'yes', 'yes', 'yes', 'withdrawn', 'no'),
  items: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 2 }), { nil: undefined }),
  /** Who is in the group now: as before, others, or nobody knows. */
  now: fc.oneof({ arbitrary: fc.constant('same' as const), weight: 8 }, { arbitrary: fc.constant('unknown' as const), weight: 1 }, { arbitrary: some(0), weight: 2 }),
});
type Said = typeof said extends fc.Arbitrary<infer S> ? S : never;

type Verdict = 'approved' | 'rejected' | 'open' | 'never asked';

/** The rule as the language says it, by counting who said yes in whose place to what. */
class Rule {
  readonly #question: Question;
  /** Of the group, when it was looked up last and enough people were in it. */
  members: readonly string[];
  #yes: { readonly who: string; readonly place: string; readonly item: number }[] = [];

  constructor(asked: Question) {
    this.#question = asked;
    this.members = asked.of;
  }

  get isAskable(): boolean {
    return this.#asked(this.members) !== undefined;
  }

  hear({ who, onBehalfOf: place = who, answer, items, now }: Said): Verdict {
    if (now === 'unknown') return this.#verdict();
    const members = now === 'same' ? this.members : now;
    if (this.#asked(members) === undefined) return this.#verdict();
    this.members = members;
    if (!this.#isHeard(who, place)) return this.#verdict();
    if (answer === 'no') return 'rejected';
    const { items: count, quorum } = this.#question;
    const isOwn = (yes: { readonly who: string; readonly place: string }): boolean => yes.who === who && (quorum !== 'all' || yes.place === place);
    if (items?.some((item) => item > count)) return this.#verdict();
    if (answer === 'withdrawn') this.#yes = this.#yes.filter((yes) => !isOwn(yes) || (items !== undefined && !items.includes(yes.item)));
    else if ((items === undefined) === (count === 0)) {
      this.#yes = this.#yes.filter((yes) => !isOwn(yes) || yes.place === place);
      for (const item of items ?? [0]) this.#yes.push({ who, place, item });
    }
    return this.#verdict();
  }

  #asked(members: readonly string[]): readonly string[] | undefined {
    const { except, quorum } = this.#question;
    const asked = members.filter((name) => !except.some((other) => other === name));
    return asked.length >= (quorum === 'all' ? 1 : quorum) ? asked : undefined;
  }

  #isHeard(who: string, place: string): boolean {
    const { except, delegates } = this.#question;
    const asked = this.#asked(this.members) ?? [];
    const isExcepted = except.some((name) => name === who);
    return !isExcepted && asked.includes(place) && (place === who || delegates.some((name) => name === who));
  }

  #verdict(): Verdict {
    const { items, quorum } = this.#question;
    const things = items === 0 ? [0] : Array.from({ length: items }, (_, n) => n + 1);
    const asked = this.#asked(this.members) ?? [];
    const isDone = (item: number): boolean => {
      const places = new Set(this.#yes.filter((yes) => yes.item === item && this.#isHeard(yes.who, yes.place)).map(({ place }) => place));
      return quorum === 'all' ? asked.every((name) => places.has(name)) : places.size >= quorum;
    };
    return things.every(isDone) ? 'approved' : 'open';
  }
}

/** The core, one fact after the other, as a driver feeds it. */
class Core {
  readonly #state: RunState = newRunState();
  #seq = 0;

  constructor({ quorum, except, delegates, items }: Question) {
    const act: PlanStep['act'] = {
      act: 'approval', ask: 'Go?', quorum, of: [{ group: 'team' }], except, delegates, ...(items > 0 && { items: Array.from({ length: items }, (_, n) => `item ${String(n + 1)}`) }),
    };
    this.hear(planned(planOf([task('a/sure', { act, rollback: 'nothing' })])));
  }

  hear(body: FactBody): void {
    evolve(this.#state, { ...body, seq: this.#seq, at: this.#seq });
    this.#seq++;
    decide(this.#state, simpleExpressions);
    decided(this.#state, { seq: this.#seq, at: this.#seq });
    this.#seq++;
  }

  get verdict(): Verdict {
    const { end, questions } = this.#state.steps.get('a/sure')!;
    return end === 'succeeded' ? 'approved' : end === 'failed' ? (questions === 0 ? 'never asked' : 'rejected') : 'open';
  }
}

test('a question is approved exactly when the rule of the language says so', () => {
  const verdicts: Verdict[] = [];
  fc.assert(
    fc.property(question, fc.array(said, { maxLength: 12 }), (asked, all) => {
      const [rule, core] = [new Rule(asked), new Core(asked)];
      core.hear({ fact: 'resolved', key: 'a/sure!groups.1', groups: { team: { people: rule.members } } });
      expect(core.verdict).toBe(rule.isAskable ? 'open' : 'never asked');
      if (!rule.isAskable) return;
      for (const [n, one] of all.entries()) {
        const { who, onBehalfOf, answer, items, now } = one;
        const team: ResolvedGroups[string] = now === 'unknown' ? { problem: 'no answer' } : { people: now === 'same' ? rule.members : now };
        const expected = rule.hear(one);
        core.hear({
          fact: 'answered', key: 'a/sure!ask.1', id: `v${String(n)}`, who: { who, by: 'os-user' }, answer, fingerprint: 'f1',
          ...(onBehalfOf !== undefined && { onBehalfOf }), ...(items && { items }), groups: { team },
        });
        expect(core.verdict).toBe(expected);
        verdicts.push(expected);
        if (expected !== 'open') return;
      }
    }),
    { numRuns: 3_000 },
  );
  for (const verdict of ['approved', 'rejected', 'open'] as const) expect(verdicts.filter((one) => one === verdict).length).toBeGreaterThan(100);
});
