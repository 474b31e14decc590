/** Anything that survives `JSON.stringify`: outputs, saved states and facts are made of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
