/** What a person is asked. */
export type QuestionKind = 'approve' | 'outcome-unknown' | 'manual-rollback' | 'changed-by-others';
