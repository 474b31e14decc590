// The real servers the tests talk to, on free loopback ports: scripts/servers install|start|stop|status [NAME…]
import { components } from '@relpipe/testing/servers/components';
import { install } from '@relpipe/testing/servers/install';
import { start } from '@relpipe/testing/servers/start';
import { status } from '@relpipe/testing/servers/status';
import { stop } from '@relpipe/testing/servers/stop';

const commands = { install, start, stop, status };

const [command = '', ...names] = process.argv.slice(2);
const known = components.map(({ name }) => name);
const unknown = names.filter((name) => !known.includes(name));

if (!isCommand(command)) {
  console.error(`usage: scripts/servers ${Object.keys(commands).join('|')} [NAME…]\nnames: ${known.join(', ')}`);
  process.exitCode = 2;
} else if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. Known: ${known.join(', ')}.`);
  process.exitCode = 2;
} else {
  const chosen = components.filter(({ name }) => names.length === 0 || names.includes(name));
  process.exitCode = (await commands[command](chosen)) ? 0 : 1;
}

function isCommand(word: string): word is keyof typeof commands {
  return Object.hasOwn(commands, word);
}
