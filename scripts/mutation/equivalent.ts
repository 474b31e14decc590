/** Mutants that cannot make a difference, each with the reason. `code` is the whole line; `change` is `FROM → TO`. */
export const equivalentMutants: readonly { readonly file: string; readonly code: string; readonly change: string; readonly reason: string }[] = [];
