/** The oldest Node.js that has everything: `node:sqlite` without a flag, and what the libraries ask for. */
const oldest = [22, 19] as const;

/** On an older Node.js: one clear line instead of a syntax error somewhere. */
export function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  process.stderr.write(`relpipe needs Node.js ${oldest.join('.')} or newer; this is ${process.versions.node}. Install a newer one: https://nodejs.org\n`);
  process.exit(2);
}
