/** A package.json whose wireit scripts run `true`; `all` depends on every one of them. */
export function wireitPackage(scripts: readonly string[]): string {
  const names = [...scripts, 'all'];
  return JSON.stringify({
    name: 'bench',
    private: true,
    scripts: Object.fromEntries(names.map((name) => [name, 'wireit'])),
    wireit: { ...Object.fromEntries(scripts.map((name) => [name, { command: 'true' }])), all: { dependencies: scripts } },
  });
}

/** `node --run` is the fastest of the ways its documentation names. */
export const wireit = (script: string, cwd: string, env: Readonly<Record<string, string>> = {}) =>
  ({ argv: ['--run', script], cwd, env: { WIREIT_CACHE: 'none', ...env } }) as const;
