/** The oldest Node.js that has everything: `node:sqlite` without a flag, and what the libraries ask for. */
const oldest = [22, 19] as const;

interface Host {
  readonly platform: string;
  readonly versions: { readonly node: string; readonly bun?: string; readonly deno?: string };
}

/** Where relpipe does not run: one clear sentence instead of an error somewhere. */
export function requireRuntime(): void {
  const reason = whyRefused(process);
  if (reason === undefined) return;
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}

/** Undefined where relpipe runs. */
export function whyRefused({ platform, versions }: Host): string | undefined {
  const wanted = `Node.js ${oldest.join('.')} or newer`;
  if (platform === 'win32') return `relpipe does not run on Windows yet; use it in WSL 2, on Linux or on macOS.`;
  if (versions.deno !== undefined) return `relpipe does not run on Deno; start it with ${wanted}: npx relpipe`;
  if (versions.bun !== undefined) return `relpipe does not run on Bun; start it with ${wanted}: npx relpipe, or bunx without --bun`;
  return isOld(versions.node) ? `relpipe needs ${wanted}; this is ${versions.node}. Install a newer one: https://nodejs.org` : undefined;
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}
