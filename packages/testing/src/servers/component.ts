/** A tool that tests need on the machine, or a server that can be started. */
export interface Component {
  readonly name: string;
  /** The names of its programs; the first one prints its version. */
  readonly programs: readonly [string, ...string[]];
  readonly versionArguments: readonly string[];
  /** Python programs are in a virtual environment of their own, with the versions in requirements.txt. */
  readonly from: 'debian' | 'python';
  /** The Debian packages that contain it. */
  readonly packages: readonly string[];
  /** Services that Debian would start by itself; they stay off when this project installed the package. */
  readonly services?: readonly string[];
  readonly server?: ServerKind;
}

export interface ServerKind {
  /** The uses of its ports; `url` has the first one. */
  readonly ports: readonly string[];
  readonly needsRoot?: boolean;
  /** A server that already runs on the machine and is used instead; it is never stopped from here. */
  readonly findRunning?: () => Promise<Found | undefined>;
  /** Writes the files that it needs into its folder. */
  readonly prepare: (place: Place) => Promise<Launch> | Launch;
}

/** The folder, the program and the ports for a server that is about to start. */
export interface Place {
  /** Its own folder, empty; also its working directory. */
  readonly folder: string;
  /** The program's path. */
  readonly program: string;
  /** @throws for a use that the kind does not list */
  readonly port: (name: string) => number;
}

export interface Found {
  readonly url: string;
  readonly version: string;
}

export interface Launch {
  readonly arguments: readonly string[];
  readonly url: string;
  /** Files, sockets, names and passwords made for it, for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it is ready. May throw as long as it is not. */
  readonly answers: () => Promise<boolean>;
  /** Sets up what only the running server can set up. */
  readonly configure?: () => Promise<void>;
}
