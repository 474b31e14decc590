import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Debian asks this program before a package starts or restarts its service (invoke-rc.d(8)). */
const policy = '/usr/sbin/policy-rc.d';
const kept = `${policy}.before-relpipe`;
const refusal = '#!/bin/sh\n# relpipe: no service starts while scripts/servers installs.\nexit 101\n';

/** Installs under a policy that starts nothing; the machine's own comes back afterwards, also after an install that was cut short. */
export async function withoutServiceStarts(install: () => Promise<void>): Promise<void> {
  if (existsSync(policy) && readFileSync(policy, 'utf8') !== refusal) renameSync(policy, kept);
  writeFileSync(policy, refusal, { mode: 0o755 });
  const leave = (): void => {
    putBack();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  try {
    await install();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
    putBack();
  }
}

function putBack(): void {
  if (existsSync(kept)) renameSync(kept, policy);
  else rmSync(policy, { force: true });
}
