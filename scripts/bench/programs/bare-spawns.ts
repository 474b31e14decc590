// Runs only the command of a `run: "true"` step, COUNT times, AT_ONCE at a time: node bare-spawns.ts COUNT AT_ONCE
import { spawn } from 'node:child_process';

const [count = 0, atOnce = 1] = process.argv.slice(2).map(Number);
let started = 0;

async function runSome(): Promise<void> {
  while (started < count) {
    started += 1;
    await runOne();
  }
}

function runOne(): Promise<void> {
  const child = spawn('bash', ['-eo', 'pipefail', '-c', 'true'], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const output of [child.stdout, child.stderr]) output.resume();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`bash exited with ${String(code)}`))));
  });
}

await Promise.all(Array.from({ length: atOnce }, runSome));
