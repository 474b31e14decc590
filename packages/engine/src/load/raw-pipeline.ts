import type { Diagnostic, Place } from '../errors/diagnostic.ts';
import type { Json } from '../contract/index.ts';

/** From the top of the file to something in it: `['stages', 'production', 'steps', 0, 'uses']`. */
export type Path = readonly (string | number)[];
export type RawMapping = { readonly [key: string]: Json };

export const isMapping = (value: Json | undefined): value is RawMapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The entries of a mapping; none of anything else. */
export const entriesOf = (value: Json | undefined): [string, Json][] => (isMapping(value) ? Object.entries(value) : []);

/** The content of the file, before any rule has checked it. */
export interface RawPipeline {
  /** Absolute. */
  readonly file: string;
  /** Absolute folder of the file. */
  readonly folder: string;
  /** The file's text; empty when it could not be read. */
  readonly source: string;
  /** Missing when the file is not a mapping; `findings` say why. */
  readonly root?: RawMapping;
  /** Everything that is wrong with the file as YAML. */
  readonly findings: readonly Diagnostic[];
  /** Lines that YAML could not read, so their content is not known. Missing: everything was read. */
  readonly unread?: ReadonlySet<number>;
  /** Place of a value, or of the nearest thing around it that exists. */
  placeOf(path: Path): Place;
  /** Place of the key that leads to a value; of the value itself inside a list. */
  placeOfKey(path: Path): Place;
  /** Place of a stretch of a string, counted in characters of the value. */
  placeInText(path: Path, offset: number, length: number): Place;
  /** A scalar exactly as it is written, quotes included. */
  sourceTextOf(path: Path): string | undefined;
}
