/** Any value that survives `JSON.stringify`: outputs, saved states and facts consist of such values. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
