/** Where metrics lie as one whole that is read and replaced at once. */
export interface MetricsPlace {
  /** For people: the URL of the group, or the path of the file. */
  readonly name: string;
  /** As text, the same for the same metrics; undefined when there are none. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
  /** Removing what is not there is no error. */
  remove(): Promise<void>;
}
