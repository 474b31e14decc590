import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isStepError, StepError, type Finding, type ReadContext } from 'relpipe/plugin';
import { driftError, isSameDivision } from '../../weights/weights.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, WeightKeeper } from '../router.ts';
import type { SideUnits } from '../units.ts';
import { AccessLog } from './access-log.ts';
import { addressesOf } from './addresses.ts';
import { ChangeNote, writeNoted, type BeforeChange } from './change-note.ts';
import { fileNotRead, NginxMaster } from './nginx-master.ts';
import { NginxNextStart } from './nginx-next-start.ts';
import type { NginxConfig } from './nginx.ts';
import { requireOnlySource } from './included-servers.ts';
import { lineUnits, refuseBackup, UpstreamFile, weightsFrom, type WrittenUpstream } from './upstream-file.ts';

/** Does not contact nginx yet. @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_FOUND` */
export async function openNginx(config: NginxConfig, context: ReadContext): Promise<Router> {
  const { upstream, command = ['nginx'], 'access-log': log, 'old-workers': finishesWithinMs = 30_000 } = config;
  const path = await followLinks(resolve(context.workdir, config.config));
  return new NginxRouter({
    file: new UpstreamFile(path, upstream),
    master: new NginxMaster(command, context),
    log: log === undefined ? undefined : new AccessLog(resolve(context.workdir, log)),
    finishesWithinMs,
    context,
  });
}

/** The file itself: a link to it, as in `sites-enabled`, must not be replaced by a file. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new StepError('TRAFFIC_NGINX_FILE_NOT_FOUND', `The configuration file ${path} of nginx cannot be found.`, {
      hint: 'Set `config` to the path of the file that contains the upstream, absolute or from the folder of the pipeline file.',
      cause,
    });
  }
}

interface NginxParts {
  readonly file: UpstreamFile;
  readonly master: NginxMaster;
  /** Without it, nginx does not report what it serves. */
  readonly log: AccessLog | undefined;
  /** How long a change waits for the previous workers to finish. */
  readonly finishesWithinMs: number;
  readonly context: ReadContext;
}

/** One upstream of nginx through its configuration file: a side is a server, by its address. */
class NginxRouter implements Router {
  readonly name: string;
  readonly measure?: () => Promise<SideTraffic>;
  readonly #parts: NginxParts;
  readonly #note: ChangeNote;
  #master: Promise<number> | undefined;
  /** As the file was read last. */
  #copies: SideUnits = {};

  constructor(parts: NginxParts) {
    const { file, log } = parts;
    this.name = `the upstream ${file.upstream} of nginx in ${file.path}`;
    this.#parts = parts;
    this.#note = new ChangeNote(file.beside('relpipe-change'));
    if (log !== undefined) this.measure = () => this.#measure(log);
  }

  /** The weights of the file; `possibleWeights` as well, when an old worker may still serve by others. */
  async read(): Promise<RouterReading> {
    const master = await this.#findMaster();
    return this.#readingOf(await this.#readFile(), master);
  }

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const { file, context } = this.#parts;
    const master = await this.#findMaster();
    const lock = await file.lock(context.clock);
    try {
      const written = await this.#readFile();
      if (written.revision !== previous.revision) throw driftError(this, previous.weights, written.weights);
      const { weights: present, possibleWeights } = await this.#readingOf(written, master);
      await this.#change(written, weights, possibleWeights ?? present, master);
    } catch (error) {
      this.#master = undefined;
      throw error;
    } finally {
      lock.release();
    }
    return this.read();
  }

  nearest(weights: SideWeights): SideWeights {
    return weightsFrom(lineUnits(weights, this.#copies), this.#copies);
  }

  async verify(weights: SideWeights): Promise<readonly Finding[]> {
    const { file } = this.#parts;
    const written = await this.#readFile();
    refuseBackup(file, written, weights);
    await file.requireWritable();
    return written.hash === undefined ? [] : [sharesOfUsers(this.name, written.hash)];
  }

  manualCommand(weights: SideWeights): string {
    const { file, master } = this.#parts;
    const servers = Object.entries(lineUnits(weights, this.#copies)).map(
      ([address, unit]) => `server ${address} ${unit === 0 ? 'down' : `weight=${unit}`};`,
    );
    return `write ${servers.join(' ')} into the upstream ${file.upstream} in ${file.path}, then ${master.manualCommand()}`;
  }

  nextStart(): WeightKeeper {
    const { file, master, context } = this.#parts;
    return new NginxNextStart(file, this.#note, master, context.clock);
  }

  async #readFile(): Promise<WrittenUpstream> {
    const written = await this.#parts.file.read();
    this.#copies = written.copies;
    return written;
  }

  async #change(written: WrittenUpstream, weights: SideWeights, served: SideWeights, masterPid: number): Promise<void> {
    const { file, master } = this.#parts;
    const workers = (await master.workers(masterPid)).filter(({ isLeaving }) => !isLeaving).map(({ pid }) => pid);
    const revert = await writeNoted(file, this.#note, written, weights, { weights: served, servedBy: { master: masterPid, workers } });
    await master.test().catch(revert);
    // When this is cancelled, nginx may have got the signal: then the file stays, and the note says that its weights are unknown.
    await master.reload().catch((error: unknown) => (isStepError(error) ? revert(error) : Promise.reject(error as Error)));
    await this.#untilLoaded(masterPid, workers);
    await this.#note.remove();
  }

  async #readingOf({ sides, weights, revision }: WrittenUpstream, masterPid: number): Promise<RouterReading> {
    const before = await this.#note.read();
    const isOpen = before !== undefined && !isSameDivision(before.weights, weights) && (await this.#mayServe(before, masterPid));
    return { sides, weights, revision, ...(isOpen && { possibleWeights: before.weights }) };
  }

  /** Whether one of the previous workers still accepts requests, or may: then nginx has not loaded the file as it is now. */
  async #mayServe({ servedBy }: BeforeChange, masterPid: number): Promise<boolean> {
    if (servedBy === undefined) return true;
    const { master, workers } = servedBy;
    if (master !== masterPid) return false;
    return (await this.#parts.master.workers(masterPid)).some(({ pid, isLeaving }) => !isLeaving && workers.includes(pid));
  }

  /** @throws {StepError} `TRAFFIC_NGINX_NOT_RELOADED` */
  async #untilLoaded(masterPid: number, previous: readonly number[]): Promise<void> {
    const { master, finishesWithinMs, context } = this.#parts;
    const { clock } = context;
    const [loadedBy, finishedBy] = [clock.now() + loadsWithinMs, clock.now() + finishesWithinMs];
    for (;;) {
      const workers = await master.workers(masterPid);
      const left = workers.filter(({ pid }) => previous.includes(pid));
      const isLoaded = left.every(({ isLeaving }) => isLeaving) && workers.length > left.length;
      if (isLoaded && left.length === 0) return;
      if (isLoaded && clock.now() >= finishedBy) {
        context.log(`${left.length} previous workers of nginx still serve long connections by the previous weights.`);
        return;
      }
      if (!isLoaded && clock.now() >= loadedBy) throw notReloaded(this.name);
      await clock.sleep(pollMs);
    }
  }

  async #measure(log: AccessLog): Promise<SideTraffic> {
    const counts = await log.count();
    const { sides, revision } = await this.#readFile();
    const requests = sides.map(async ({ name }) => {
      const addresses = await addressesOf(name);
      return [name, addresses.reduce((sum, address) => sum + (counts.get(address) ?? 0), 0)] as const;
    });
    return { revision, requests: Object.fromEntries(await Promise.all(requests)) };
  }

  /** Checked once as long as nothing fails: a reload keeps the master process and its setup. */
  #findMaster(): Promise<number> {
    this.#master ??= this.#checkedMaster();
    return this.#master;
  }

  /** @throws {StepError} `TRAFFIC_NGINX_FILE_NOT_READ`, `TRAFFIC_NGINX_NOT_REACHED`, `TRAFFIC_NGINX_LOG_UNUSABLE` */
  async #checkedMaster(): Promise<number> {
    const { master, file, log } = this.#parts;
    const setup = await master.setup();
    if (!setup.files.includes(file.path)) throw fileNotRead(file.path);
    if ((await file.read()).isIncluded) await requireOnlySource(file, setup);
    await log?.check(setup);
    return master.pid(setup);
  }
}

const sharesOfUsers = (name: string, hash: string): Finding => ({
  level: 'warning',
  code: 'TRAFFIC_SHARE_UNEVEN',
  message: `${name} has \`${hash}\`: a share is one of users, not of requests, and may be uneven.`,
  hint: 'Use round robin or `least_conn` where the share of requests has to be exact.',
});

const loadsWithinMs = 30_000;
const pollMs = 50;

const notReloaded = (name: string) =>
  new StepError('TRAFFIC_NGINX_NOT_RELOADED', `Nginx was asked to reload, but has not loaded the new weights of ${name} within 30 s.`, {
    hint: 'Read in its error log why it keeps the previous configuration.',
    retryable: true,
  });
