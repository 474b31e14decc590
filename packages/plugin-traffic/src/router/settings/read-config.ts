import { readFile } from 'node:fs/promises';
import { isRecord } from '../is-record.ts';
import { messageOf } from '../message-of.ts';
import { RouterError } from '../router-error.ts';

/** Reads a configuration file: one JSON object. @throws RouterError TRAFFIC_ROUTER_USAGE */
export async function readConfig(path: string): Promise<Record<string, unknown>> {
  const value = parse(path, await read(path));
  if (!isRecord(value)) throw unusable(path, 'it is not a JSON object');
  return { ...value };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(path, messageOf(error));
  }
}

const unusable = (path: string, because: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_USAGE',
    `The configuration file ${path} cannot be used: ${because}.`,
    'Write one JSON object with the names of the flags: relpipe-router --help lists them.',
  );
