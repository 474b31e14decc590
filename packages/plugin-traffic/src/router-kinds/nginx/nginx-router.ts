import { isStepError, StepError, type ReadContext } from 'relpipe/plugin';
import { driftFrom } from '../../sides/drift-from.ts';
import { isSameDivision } from '../../sides/divide-traffic.ts';
import { unitsFor } from '../units/units-for.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, WeightKeeper } from '../router.ts';
import type { AccessLog } from './access-log.ts';
import { addressesOf } from './addresses-of.ts';
import { ChangeNote, type BeforeChange } from './change-note.ts';
import { fileNotRead } from './file-not-read.ts';
import type { NginxMaster } from './nginx-master.ts';
import { NginxNextStart } from './nginx-next-start.ts';
import { mostUnits } from './most-units.ts';
import { setNoted } from './set-noted.ts';
import type { UpstreamFile, WrittenUpstream } from './upstream-file.ts';
import { waitForLock } from './wait-for-lock.ts';

interface NginxParts {
  readonly file: UpstreamFile;
  readonly master: NginxMaster;
  /** Without it nginx says nothing of what it serves. */
  readonly log: AccessLog | undefined;
  readonly patienceMs: number;
  readonly context: ReadContext;
}

/** One upstream of nginx through its configuration file: a side is a server, by its address. */
export class NginxRouter implements Router {
  readonly name: string;
  readonly measure?: () => Promise<SideTraffic>;
  readonly #parts: NginxParts;
  readonly #note: ChangeNote;
  #master: Promise<number> | undefined;

  constructor(parts: NginxParts) {
    const { file, log } = parts;
    this.name = `the upstream ${file.upstream} of nginx in ${file.path}`;
    this.#parts = parts;
    this.#note = new ChangeNote(file.beside('relpipe-change'));
    if (log !== undefined) this.measure = () => this.#measure(log);
  }

  async read(): Promise<RouterReading> {
    const master = await this.#findMaster();
    return this.#readingOf(await this.#parts.file.read(), master);
  }

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    const { file } = this.#parts;
    const master = await this.#findMaster();
    const lock = await waitForLock(file, this.#parts.context.clock);
    try {
      const written = await file.read();
      if (written.revision !== former.revision) throw driftFrom(this, former.weights, written.weights);
      const { weights: present, orElse } = await this.#readingOf(written, master);
      await this.#change(written, weights, orElse ?? present, master);
    } catch (error) {
      this.#master = undefined;
      throw error;
    } finally {
      lock.release();
    }
    return this.read();
  }

  byHand(weights: SideWeights): string {
    const { file, master } = this.#parts;
    const servers = Object.entries(unitsFor(weights, mostUnits)).map(([address, unit]) => `server ${address} ${unit === 0 ? 'down' : `weight=${unit}`};`);
    return `write ${servers.join(' ')} into the upstream ${file.upstream} in ${file.path}, then ${master.byHand()}`;
  }

  nextStart(): WeightKeeper {
    const { file, master, context } = this.#parts;
    return new NginxNextStart(file, this.#note, master, context.clock);
  }

  async #change(written: WrittenUpstream, weights: SideWeights, served: SideWeights, masterPid: number): Promise<void> {
    const { file, master } = this.#parts;
    const workers = (await master.workers(masterPid)).filter(({ isLeaving }) => !isLeaving).map(({ pid }) => pid);
    const takeBack = await setNoted(file, this.#note, written, weights, { weights: served, servedBy: { master: masterPid, workers } });
    await master.test().catch(takeBack);
    // Cancelled in the middle, it may have been told: then the file stays, and the note says that it is not sure.
    await master.reload().catch((error: unknown) => (isStepError(error) ? takeBack(error) : Promise.reject(error as Error)));
    await this.#untilTaken(masterPid, workers);
    await this.#note.remove();
  }

  async #readingOf({ sides, weights, revision }: WrittenUpstream, masterPid: number): Promise<RouterReading> {
    const before = await this.#note.read();
    const isOpen = before !== undefined && !isSameDivision(before.weights, weights) && (await this.#mayServe(before, masterPid));
    return { sides, weights, revision, ...(isOpen && { orElse: before.weights }) };
  }

  /** Whether one of the former workers still takes requests, or may: then nginx has not taken the file as it is now. */
  async #mayServe({ servedBy }: BeforeChange, masterPid: number): Promise<boolean> {
    if (servedBy === undefined) return true;
    const { master, workers } = servedBy;
    if (master !== masterPid) return false;
    return (await this.#parts.master.workers(masterPid)).some(({ pid, isLeaving }) => !isLeaving && workers.includes(pid));
  }

  /** @throws {StepError} `TRAFFIC_NGINX_NOT_TAKEN` */
  async #untilTaken(masterPid: number, former: readonly number[]): Promise<void> {
    const { master, patienceMs, context } = this.#parts;
    const { clock } = context;
    const [takenBy, goneBy] = [clock.now() + takesWithinMs, clock.now() + patienceMs];
    for (;;) {
      const workers = await master.workers(masterPid);
      const left = workers.filter(({ pid }) => former.includes(pid));
      const isTaken = left.every(({ isLeaving }) => isLeaving) && workers.length > left.length;
      if (isTaken && left.length === 0) return;
      if (isTaken && clock.now() >= goneBy) {
        context.log(`${left.length} former workers of nginx still finish long connections, by the former weights.`);
        return;
      }
      if (!isTaken && clock.now() >= takenBy) throw notTaken(this.name);
      await clock.sleep(lookEveryMs);
    }
  }

  async #measure(log: AccessLog): Promise<SideTraffic> {
    const counts = await log.count();
    const { servers, revision } = await this.#parts.file.read();
    const requests = servers.map(async ({ address: { text } }) => {
      const addresses = await addressesOf(text);
      return [text, addresses.reduce((sum, address) => sum + (counts.get(address) ?? 0), 0)] as const;
    });
    return { revision, requests: Object.fromEntries(await Promise.all(requests)) };
  }

  /** Looked up once, as long as all goes well: nginx may be reloaded, but what it is asked stays the same. */
  #findMaster(): Promise<number> {
    this.#master ??= this.#checkedMaster();
    return this.#master;
  }

  /** @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_READ`, `TRAFFIC_NGINX_NOT_REACHED`, `TRAFFIC_NGINX_LOG_UNUSABLE` */
  async #checkedMaster(): Promise<number> {
    const { master, file, log } = this.#parts;
    const setup = await master.setup();
    if (!setup.files.includes(file.path)) throw fileNotRead(file.path);
    await log?.check(setup);
    return master.pid(setup);
  }
}

const takesWithinMs = 30_000;
const lookEveryMs = 50;

const notTaken = (name: string) =>
  new StepError('TRAFFIC_NGINX_NOT_TAKEN', `Nginx was told to reload, and has not taken the new weights of ${name} within 30 s.`, {
    hint: 'Read in its error log why it goes on with the former configuration.',
    retryable: true,
  });
