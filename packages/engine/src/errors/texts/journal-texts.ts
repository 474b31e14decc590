import type { Holder } from '../../model/concurrency.ts';
import { counted, listed } from '../../util/phrases.ts';

/** Errors of the record: which runs there are, who executes them, and the file they are in. */
export const journalTexts = {
  REL_LEASE_LOST: (p: { run: string }) => ({
    message: `Another process has taken over run ${p.run}.`,
    hint: `See what it does: relpipe status ${p.run}`,
  }),
  REL_RUN_BUSY: (p: { run: string; owner: string; seenAt: string }) => ({
    message: `Run ${p.run} is being executed by ${p.owner}, last seen at ${p.seenAt}.`,
    hint: 'Wait for it, or end that process; the run is free as soon as the process is gone.',
  }),
  REL_OTHER_RUN_OPEN: ({ group, run, state, changed, unreadable }: Holder & { readonly group: string }) => ({
    message:
      unreadable === undefined
        ? `Run ${run} is open (${state}) and holds the group ${group}${changed.length === 0 ? '' : `; what it has changed is in place: ${listed(changed)}`}.`
        : `Run ${run} holds the group ${group}, and its record cannot be read: ${unreadable}`,
    hint:
      unreadable === undefined
        ? `Let it end (relpipe resume ${run}) or roll it back (relpipe rollback ${run} --reason "…"). With \`on-conflict: wait\` a run waits for it; a pipeline whose runs cannot get in each other's way says \`concurrency: none\`.`
        : 'Restore a backup of the journal and let that run end, or check manually what it has changed and start in a new journal: --journal FILE.',
  }),
  REL_LATER_RUN: (p: { run: string; later: string; group: string; to: 'rollback' | 'retry' }) => ({
    message:
      p.to === 'rollback'
        ? `Run ${p.later} has taken effect in the group ${p.group} after run ${p.run}.`
        : `Run ${p.later} has acted in the group ${p.group} after run ${p.run}.`,
    hint: p.to === 'rollback' ? `Roll back run ${p.later} first.` : 'Start a new run.',
  }),
  REL_GROUP_NOT_SHARED: (p: { name: string; target: string; groups: readonly string[]; others: readonly string[] }) => ({
    message: `Runs of the pipeline "${p.name}" change the same (${p.target}) in ${groupsText(p.others)}, and this one in ${groupsText(p.groups)}: nothing keeps them apart.`,
    hint: 'Give both files the same group: concurrency: { group: … }',
  }),
  REL_RUN_UNKNOWN: (p: { run: string; file: string }) => ({
    message: `There is no run ${p.run} in ${p.file}.`,
    hint: 'List the runs: relpipe runs. The name of a step comes after its run.',
  }),
  REL_RUN_EXISTS: (p: { run: string; file: string }) => ({
    message: `There is already a run ${p.run} in ${p.file}.`,
    hint: 'Give the new run another id.',
  }),

  REL_JOURNAL_FACT_UNKNOWN: (p: { fact: string; seq: number }) => ({
    message: `Fact ${p.seq} of this run is of the type "${p.fact}", which this relpipe does not know.`,
    hint: 'Use the version of relpipe that recorded it, or a newer one: npm install relpipe@latest',
  }),
  REL_JOURNAL_CHANGE_UNKNOWN: (p: { change: string; seq: number }) => ({
    message: `Fact ${p.seq} of this run records a decision "${p.change}", which this relpipe does not know.`,
    hint: 'Use the relpipe that recorded it, or a newer one: npm install relpipe@latest',
  }),
  REL_RUN_NEWER: (p: { run: string; engine: string; rules: number; known: number }) => ({
    message: `Run ${p.run} was decided by relpipe ${p.engine} under rules ${p.rules}; this relpipe decides under rules ${p.known}.`,
    hint: `Resume it with relpipe ${p.engine} or a newer one. This relpipe can still show it: relpipe status ${p.run}`,
  }),
  REL_JOURNAL_NEWER: (p: { file: string; format: number; known: number }) => ({
    message: `The journal ${p.file} has format ${p.format}; this relpipe reads formats up to ${p.known}.`,
    hint: 'Use the version of relpipe that wrote it, or a newer one: npm install relpipe@latest',
  }),
  REL_JOURNAL_OLDER: (p: { file: string; format: number; known: number }) => ({
    message: `The journal ${p.file} has format ${p.format}, from before the first release; this relpipe reads format ${p.known}.`,
    hint: 'Finish its runs with the relpipe that wrote it, or move the file away: the next run starts a new journal.',
  }),
  REL_JOURNAL_INCOMPLETE: (p: { file: string; missing: string }) => ({
    message: `The journal ${p.file} is incomplete: ${p.missing} belongs to it, and is missing.`,
    hint:
      p.file === p.missing
        ? 'Restore the whole folder.'
        : `Restore the whole folder. If the rest is lost, check manually what its runs have done last, then accept the loss: touch ${p.missing}`,
  }),
  REL_JOURNAL_IN_CHECKOUT: (p: { file: string }) => ({
    message: `The journal ${p.file} is in the working tree: the next checkout removes it with its parked runs, if it cleans up (git clean -ffdx, as most CI systems do).`,
    hint: 'Keep it on a disk that later jobs find: --journal FILE. Where .relpipe is kept already, name it: --journal .relpipe/journal.db',
  }),
  REL_JOURNAL_FOREIGN: (p: { file: string }) => ({
    message: `${p.file} is a database, but not a journal of relpipe.`,
    hint: 'Name another file with --journal; this one was not changed.',
  }),
  REL_JOURNAL_DAMAGED: (p: { file: string; detail: string }) => ({
    message: `The journal ${p.file} is damaged: ${p.detail}.`,
    hint: 'Keep the file for the record. Restore a backup of it, or start a new run with --journal FILE.',
  }),
  REL_JOURNAL_CHAIN_BROKEN: (p: { file: string; run: string; seq: number; detail: string }) => ({
    message: `Fact ${p.seq} of run ${p.run} in ${p.file} differs from what was recorded: ${p.detail}.`,
    hint: 'The journal was changed by something other than relpipe; restore a backup of it. A run is not resumed from a changed record.',
  }),
  REL_JOURNAL_EVIDENCE_BROKEN: (p: { file: string; run: string; step: string; gate: string; seq: number; missing: number }) => ({
    message: `The measurements of gate ${p.gate} at step ${p.step} of run ${p.run} in ${p.file} differ from those that its verdict rests on (fact ${p.seq}): ${p.missing > 0 ? `${counted(p.missing, 'measurement')} missing` : 'a measurement was changed'}.`,
    hint: 'The journal was changed by something other than relpipe; restore a backup of it.',
  }),
  REL_JOURNAL_FULL: (p: { file: string }) => ({
    message: `There is no space left to write the journal ${p.file}.`,
    hint: 'Free some space on that disk, then run: relpipe resume',
  }),
  REL_JOURNAL_READ_ONLY: (p: { file: string }) => ({
    message: `The journal ${p.file} cannot be written.`,
    hint: 'Make the file and its folder writable for this user, or name another file with --journal.',
  }),
  REL_JOURNAL_LOCKED: (p: { file: string }) => ({
    message: `Another process has kept the journal ${p.file} locked for more than five seconds.`,
    hint: 'Look for a backup or a hanging process that keeps the file open, then run: relpipe resume',
  }),
  REL_JOURNAL_UNREACHABLE: (p: { file: string; detail: string }) => ({
    message: `The journal ${p.file} cannot be opened: ${p.detail}.`,
    hint: 'Check the path and the permissions of its folder, or name another file with --journal.',
  }),
};

const groupsText = (groups: readonly string[]): string => (groups.length === 0 ? 'no group' : `the group ${listed(groups)}`);
