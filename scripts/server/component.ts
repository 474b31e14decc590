/** Something the tests need on the machine: a tool, or a server that can be started. */
export interface Component {
  readonly name: string;
  /** What it is called by; the first one tells its version. */
  readonly programs: readonly [string, ...string[]];
  readonly versionArguments: readonly string[];
  /** Python's lie in a virtual environment of their own, with the versions in requirements.txt. */
  readonly from: 'debian' | 'python';
  /** The Debian packages that bring it. */
  readonly packages: readonly string[];
  /** What Debian would start on its own; it stays off where this project installed the package. */
  readonly services?: readonly string[];
  readonly server?: ServerKind;
}

export interface ServerKind {
  /** What its ports are for; the first is where `url` points. */
  readonly ports: readonly string[];
  readonly needsRoot?: boolean;
  /** One that already runs on the machine and is used instead; it is never ended from here. */
  readonly findRunning?: () => Promise<Found | undefined>;
  /** Writes what it needs into its folder. */
  readonly prepare: (place: Place) => Promise<Launch> | Launch;
}

/** Where a server is about to live. */
export interface Place {
  /** Its own folder, empty; also its working directory. */
  readonly folder: string;
  /** The program's path. */
  readonly program: string;
  /** Throws for a name the kind does not list. */
  readonly port: (name: string) => number;
}

export interface Found {
  readonly url: string;
  readonly version: string;
}

export interface Launch {
  readonly arguments: readonly string[];
  readonly url: string;
  /** What else a test has to know: files, sockets, names and passwords made for it. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it is ready. May throw while it is not. */
  readonly answers: () => Promise<boolean>;
  /** What can only be set up by asking the server itself. */
  readonly furnish?: () => Promise<void>;
}
