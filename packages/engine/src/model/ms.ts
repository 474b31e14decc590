/** A length of time in milliseconds. */
export type Ms = number;
