import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@relpipe/testing/free-port';
import { programOf } from '@relpipe/testing/real-servers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { waitUntil } from '@relpipe/testing/wait-until';

export interface OwnPrometheus extends AsyncDisposable {
  readonly url: string;
  /** The folder of its rule files, `*.yml`. */
  readonly rules: string;
  readonly pid: number;
  /** From now on it accepts connections and does not respond, until it is woken; resolves when that is so. */
  pauses(): Promise<void>;
  wakes(): void;
  dies(): Promise<void>;
}

interface Given {
  readonly arguments?: readonly string[];
  /** Content of a rule file that exists from the start. */
  readonly rules?: string;
}

/** A Prometheus of the test's own, for tests that would disturb others on a shared one. */
export async function startPrometheusOfOwn({ arguments: more = [], rules }: Given = {}): Promise<OwnPrometheus> {
  const folder = scratchFolder();
  mkdirSync(join(folder.path, 'rules'));
  if (rules !== undefined) writeFileSync(join(folder.path, 'rules', 'given.yml'), rules);
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder.path, 'prometheus.yml');
  writeFileSync(config, `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ['rules/*.yml']
scrape_configs: [{ job_name: prometheus, static_configs: [{ targets: ['${host}'] }] }]
`);
  const child = spawn(programOf('prometheus'), [
    `--config.file=${config}`, `--storage.tsdb.path=${join(folder.path, 'tsdb')}`, `--web.listen-address=${host}`, '--web.enable-lifecycle', ...more,
  ], { stdio: 'ignore' });
  const url = `http://${host}`;
  const dies = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await waitUntil(async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    rules: join(folder.path, 'rules'),
    pid: child.pid ?? 0,
    async pauses() {
      child.kill('SIGSTOP');
      const responds = (): Promise<boolean> => fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(250) }).then(() => true, () => false);
      await waitUntil(async () => !(await responds()));
    },
    wakes: () => void child.kill('SIGCONT'),
    dies,
    async [Symbol.asyncDispose]() {
      await dies();
      folder[Symbol.dispose]();
    },
  };
}
