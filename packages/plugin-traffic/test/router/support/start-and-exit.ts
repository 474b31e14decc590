import type { RouterFlags } from '../../../src/router/settings/router-flags.ts';
import { startRouter } from '../../../src/router/start-router.ts';

// Says what it started and ends at once, as a release step's process does.
const { pid, listen } = (await startRouter(JSON.parse(process.argv[2] ?? '') as RouterFlags)).status;
process.stdout.write(JSON.stringify({ pid, listen }));
process.exit();
