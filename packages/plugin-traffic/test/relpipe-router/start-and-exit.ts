import { startRouter, type RouterFlags } from '../../src/relpipe-router/start-router.ts';

// Prints what it started and exits at once, as the process of a release step does.
const { pid, listen } = (await startRouter(JSON.parse(process.argv[2] ?? '') as RouterFlags)).status;
process.stdout.write(JSON.stringify({ pid, listen }));
process.exit();
