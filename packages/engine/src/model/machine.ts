/** Requirements of a step, and what a machine provides, by name. */
export type Machine = Readonly<Record<string, string>>;

/** The requirements that a machine does not meet. */
export const unmetBy = (machine: Machine, required: Machine): Machine =>
  Object.fromEntries(Object.entries(required).filter(([name, value]) => machine[name] !== value));

/** `os=linux, arch=x64` */
export const printMachine = (machine: Machine): string =>
  Object.entries(machine)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
