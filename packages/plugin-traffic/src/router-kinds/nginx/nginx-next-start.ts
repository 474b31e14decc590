import { isStepError, type ReadContext } from 'relpipe/plugin';
import { driftFrom } from '../../sides/drift-from.ts';
import { isSameDivision } from '../../sides/divide-traffic.ts';
import type { RouterReading, SideWeights, WeightKeeper } from '../router.ts';
import type { ChangeNote } from './change-note.ts';
import { fileNotRead } from './file-not-read.ts';
import type { NginxMaster } from './nginx-master.ts';
import { setNoted } from './set-noted.ts';
import type { UpstreamFile, WrittenUpstream } from './upstream-file.ts';
import { waitForLock } from './wait-for-lock.ts';

/** The file of an upstream while nginx does not answer. Its note stays until an nginx that answers has been made to read the file. */
export class NginxNextStart implements WeightKeeper {
  readonly name: string;
  readonly #file: UpstreamFile;
  readonly #note: ChangeNote;
  readonly #master: NginxMaster;
  readonly #clock: ReadContext['clock'];
  #isAccepted: Promise<boolean> | undefined;

  constructor(file: UpstreamFile, note: ChangeNote, master: NginxMaster, clock: ReadContext['clock']) {
    this.name = `the upstream ${file.upstream} in ${file.path}`;
    this.#file = file;
    this.#note = note;
    this.#master = master;
    this.#clock = clock;
  }

  async read(): Promise<RouterReading> {
    await (this.#isAccepted ??= this.#look());
    const { sides, weights, revision } = await this.#file.read();
    return { sides, weights, revision };
  }

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    const wasAccepted = await (this.#isAccepted ??= this.#look());
    const lock = await waitForLock(this.#file, this.#clock);
    try {
      const written = await this.#file.read();
      if (written.revision !== former.revision) throw driftFrom(this, former.weights, written.weights);
      const takeBack = await setNoted(this.#file, this.#note, written, weights, { weights: await this.#served(written, weights) });
      if (wasAccepted) await this.#master.test().catch(takeBack);
    } finally {
      lock.release();
    }
    return this.read();
  }

  /**
   * Whether nginx accepts its configuration. One that it refuses already, perhaps the reason why it is dead, keeps nothing from being prepared: once it is mended,
   * nginx starts.
   * @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_READ`, `TRAFFIC_NGINX_NOT_REACHED`
   */
  async #look(): Promise<boolean> {
    try {
      const { files } = await this.#master.setup();
      if (!files.includes(this.#file.path)) throw fileNotRead(this.#file.path);
      return true;
    } catch (error) {
      if (isStepError(error) && error.code === 'TRAFFIC_NGINX_TEST_FAILED') return false;
      throw error;
    }
  }

  /** What an nginx serves that is only out of reach; of several changes, one that differs from the new weights is enough to be noticed. */
  async #served(written: WrittenUpstream, weights: SideWeights): Promise<SideWeights> {
    const before = await this.#note.read();
    return before === undefined || isSameDivision(before.weights, weights) ? written.weights : before.weights;
  }
}
