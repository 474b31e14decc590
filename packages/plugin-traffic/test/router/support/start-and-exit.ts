import { startRouter, type StartRouterOptions } from './start-router.ts';

// Says what it started and ends at once, as a release step's process does.
const { pid, listen } = await startRouter(JSON.parse(process.argv[2] ?? '') as StartRouterOptions);
process.stdout.write(JSON.stringify({ pid, listen }));
process.exit();
