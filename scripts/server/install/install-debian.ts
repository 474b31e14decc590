import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from '../component.ts';
import { missingPrograms } from '../find-program.ts';
import { execute } from '../run/execute.ts';
import { withoutServiceStarts } from './without-service-starts.ts';

const quietly = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
const patiently = ['-qq', '-o', 'DPkg::Lock::Timeout=600'];

/** Installs the Debian packages whose programs are missing. What runs is left alone, and nothing new starts, now or at the next boot. */
export async function installDebian(chosen: readonly Component[]): Promise<void> {
  const lacking = chosen.filter((component) => missingPrograms(component).length > 0 && (component.from === 'debian' || !hasVenv()));
  if (lacking.length === 0) return;
  const packages = [...new Set(lacking.flatMap((component) => component.packages))];
  refuseElsewhere(packages);
  const newServices = lacking.flatMap(({ services = [] }) => services).filter((service) => !hasUnit(service));
  await withoutServiceStarts(async () => {
    await execute('apt-get', ['update', ...patiently], quietly);
    await execute('apt-get', ['install', ...patiently, '--yes', '--no-install-recommends', '--no-upgrade', ...packages], quietly);
  });
  await keepOff(newServices.filter(hasUnit));
}

/** Debian's python3 comes without what `python3 -m venv` needs; Python elsewhere has it. */
const hasVenv = (): boolean => !existsSync('/usr/bin/apt-get') || existsSync('/usr/share/doc/python3-venv');

function refuseElsewhere(packages: readonly string[]): void {
  const them = packages.join(' ');
  if (!existsSync('/usr/bin/apt-get')) throw new Error(`This is no Debian system. Install what these Debian packages hold: ${them}`);
  if (process.getuid?.() !== 0) throw new Error(`Only root can install. Run: sudo apt-get install --no-install-recommends ${them}`);
}

const unitFolders = ['/lib/systemd/system', '/usr/lib/systemd/system'];
const hasUnit = (service: string): boolean => unitFolders.some((folder) => existsSync(join(folder, service)));

/** Without systemctl there is no systemd that would start them. */
async function keepOff(services: readonly string[]): Promise<void> {
  if (services.length > 0 && existsSync('/usr/bin/systemctl')) await execute('systemctl', ['disable', '--quiet', ...services]);
}
