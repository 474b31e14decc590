import { isStepError, type ReadContext } from 'relpipe/plugin';
import { driftError, isSameDivision } from '../../weights/weights.ts';
import type { RouterReading, SideWeights, WeightKeeper } from '../router.ts';
import { writeNoted, type ChangeNote } from './change-note.ts';
import { fileNotRead, type NginxMaster } from './nginx-master.ts';
import type { UpstreamFile, WrittenUpstream } from './upstream-file.ts';

/** The file of an upstream while nginx does not answer. Its note stays until an nginx that answers has been made to load the file. */
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
    await (this.#isAccepted ??= this.#testConfiguration());
    const { sides, weights, revision } = await this.#file.read();
    return { sides, weights, revision };
  }

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const wasAccepted = await (this.#isAccepted ??= this.#testConfiguration());
    const lock = await this.#file.lock(this.#clock);
    try {
      const written = await this.#file.read();
      if (written.revision !== previous.revision) throw driftError(this, previous.weights, written.weights);
      const revert = await writeNoted(this.#file, this.#note, written, weights, { weights: await this.#served(written, weights) });
      if (wasAccepted) await this.#master.test().catch(revert);
    } finally {
      lock.release();
    }
    return this.read();
  }

  /**
   * Whether nginx accepts its configuration before the change. A configuration that it rejects, perhaps the reason why it is dead, is still
   * prepared: nginx will start once the configuration is corrected.
   * @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_READ`, `TRAFFIC_NGINX_NOT_REACHED`
   */
  async #testConfiguration(): Promise<boolean> {
    try {
      const { files } = await this.#master.setup();
      if (!files.includes(this.#file.path)) throw fileNotRead(this.#file.path);
      return true;
    } catch (error) {
      if (isStepError(error) && error.code === 'TRAFFIC_NGINX_TEST_FAILED') return false;
      throw error;
    }
  }

  /** What an nginx serves that is only out of reach. Of several changes, one that differs from the new weights is enough to be noticed. */
  async #served(written: WrittenUpstream, weights: SideWeights): Promise<SideWeights> {
    const before = await this.#note.read();
    return before === undefined || isSameDivision(before.weights, weights) ? written.weights : before.weights;
  }
}
