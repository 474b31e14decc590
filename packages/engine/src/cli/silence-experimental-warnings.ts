/** `node:sqlite` warns that it is experimental each time it is loaded; that is no news for whoever releases something. */
export function silenceExperimentalWarnings(): void {
  const emit = process.emitWarning.bind(process) as (...all: unknown[]) => void;
  process.emitWarning = (...all: unknown[]): void => {
    const [, kind] = all;
    const name = typeof kind === 'object' && kind !== null && 'type' in kind ? kind.type : kind;
    if (name !== 'ExperimentalWarning') emit(...all);
  };
}
