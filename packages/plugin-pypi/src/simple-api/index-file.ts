/** One file as an index lists it. */
export interface IndexFile {
  readonly filename: string;
  /** In lower case; undefined where the index does not give it. */
  readonly sha256: string | undefined;
  /** The reason, possibly empty; undefined when the file is not yanked (PEP 592). */
  readonly yanked: string | undefined;
  /** The Python versions it is for, e.g. `>=3.9`; undefined where the index does not say. */
  readonly requiresPython: string | undefined;
}
