/** Where a side's server listens: plain HTTP, no path. */
export interface Origin {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}
