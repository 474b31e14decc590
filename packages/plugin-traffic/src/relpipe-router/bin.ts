#!/usr/bin/env node
import { parseArguments, usage } from './arguments.ts';
import { printStatus, setWeights, stopRouter } from './commands.ts';
import { askRouter } from './connect-router.ts';
import { RouterError } from './router-error.ts';
import { serveRouter } from './router-server.ts';
import { routerVersion } from './this-package.ts';

try {
  const command = await parseArguments(process.argv.slice(2));
  if (command.kind === 'help') process.stdout.write(`${usage}\n`);
  else if (command.kind === 'version') process.stdout.write(`${routerVersion()}\n`);
  else if (command.kind === 'status') process.stdout.write(`${printStatus((await askRouter(command.stateFile)).status)}\n`);
  else if (command.kind === 'set') process.stdout.write(`${printStatus(await setWeights(command.stateFile, command.weights))}\n`);
  else if (command.kind === 'stop') await stopRouter(command.stateFile);
  else {
    const router = await serveRouter(command.settings, (line) =>
      process.stderr.write(`${new Date().toISOString()} relpipe-router ${line}\n`),
    );
    process.on('SIGTERM', () => void router.stop());
    process.on('SIGINT', () => void router.stop());
    await router.stopped;
  }
} catch (error) {
  if (!(error instanceof RouterError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n${error.hint}\n`);
  process.exitCode = exitCodeOf(error);
}

/** 2: the command line is invalid; 8: another router holds the state file; 1: anything else. */
function exitCodeOf({ code }: RouterError): number {
  if (code === 'TRAFFIC_ROUTER_USAGE') return 2;
  return code === 'TRAFFIC_ROUTER_ALREADY_RUNNING' ? 8 : 1;
}
