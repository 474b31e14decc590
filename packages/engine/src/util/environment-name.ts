/** Whether every shell can read an environment variable of this name. */
export const isEnvironmentName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
