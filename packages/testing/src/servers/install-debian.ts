import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './component.ts';
import { execute, missingPrograms } from './programs.ts';

const quietly = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
const patiently = ['-qq', '-o', 'DPkg::Lock::Timeout=600'];

/** Installs the Debian packages whose programs are missing. Running services stay as they are, and new ones do not start, now or at the next boot. */
export async function installDebian(chosen: readonly Component[]): Promise<void> {
  const lacking = chosen.filter((component) => missingPrograms(component).length > 0 && (component.from === 'debian' || !hasVenv()));
  if (lacking.length === 0) return;
  const packages = [...new Set(lacking.flatMap((component) => component.packages))];
  requireDebianAndRoot(packages);
  const newServices = lacking.flatMap(({ services = [] }) => services).filter((service) => !hasUnit(service));
  await withoutServiceStarts(async () => {
    await execute('apt-get', ['update', ...patiently], quietly);
    await execute('apt-get', ['install', ...patiently, '--yes', '--no-install-recommends', '--no-upgrade', ...packages], quietly);
  });
  await disable(newServices.filter(hasUnit));
}

/** Debian's python3 cannot make a virtual environment without the package python3-venv; Python elsewhere can. */
const hasVenv = (): boolean => !existsSync('/usr/bin/apt-get') || existsSync('/usr/share/doc/python3-venv');

function requireDebianAndRoot(packages: readonly string[]): void {
  const names = packages.join(' ');
  if (!existsSync('/usr/bin/apt-get')) throw new Error(`This is not a Debian system. Install the programs of these Debian packages: ${names}`);
  if (process.getuid?.() !== 0) throw new Error(`Only root can install. Run: sudo apt-get install --no-install-recommends ${names}`);
}

const unitFolders = ['/lib/systemd/system', '/usr/lib/systemd/system'];
const hasUnit = (service: string): boolean => unitFolders.some((folder) => existsSync(join(folder, service)));

/** Without systemctl there is no systemd that would start them. */
async function disable(services: readonly string[]): Promise<void> {
  if (services.length > 0 && existsSync('/usr/bin/systemctl')) await execute('systemctl', ['disable', '--quiet', ...services]);
}

/** Debian asks this program before a package starts or restarts its service (invoke-rc.d(8)). */
const policy = '/usr/sbin/policy-rc.d';
const kept = `${policy}.before-relpipe`;
const refusal = '#!/bin/sh\n# relpipe: no service starts while scripts/servers installs packages.\nexit 101\n';

/** Installs under a policy that starts nothing, then restores the policy of the machine, also after an interrupted install. */
async function withoutServiceStarts(install: () => Promise<void>): Promise<void> {
  if (existsSync(policy) && readFileSync(policy, 'utf8') !== refusal) renameSync(policy, kept);
  writeFileSync(policy, refusal, { mode: 0o755 });
  const exit = (): void => {
    restorePolicy();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, exit);
  try {
    await install();
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, exit);
    restorePolicy();
  }
}

function restorePolicy(): void {
  if (existsSync(kept)) renameSync(kept, policy);
  else rmSync(policy, { force: true });
}
