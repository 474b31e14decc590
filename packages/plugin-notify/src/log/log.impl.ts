import { appendFile, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isFullyKnown, StepError, type Finding, type Message, type PlannedConfig, type ReadContext, type SendContext } from 'relpipe/plugin';
import { messageOf } from 'relpipe/plugin/toolkit';
import type { LogConfig, LogSchema } from './log.ts';

/** That the file can be appended to shows only when it is; a folder in its place is certain to fail. */
export async function verify(config: PlannedConfig<LogSchema>, { workdir }: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<LogSchema>(config) || config.file === undefined) return [];
  const path = resolve(workdir, config.file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return [];
  return [{ level: 'error', code: 'NOTIFY_FILE_UNUSABLE', message: `${path} is a folder.`, hint: 'Name a file in it.', at: ['file'] }];
}

export async function send({ file, format = file?.endsWith('.jsonl') ? 'json' : 'text' }: LogConfig, message: Message, context: SendContext): Promise<void> {
  const line = format === 'json' ? JSON.stringify(message) : textLine(message);
  if (file === undefined) context.log(line);
  else await append(resolve(context.workdir, file), line);
}

/** The system appends a line at once, so that runs which share a file do not mix theirs. */
async function append(path: string, line: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${line}\n`);
  } catch (error) {
    throw new StepError('NOTIFY_FILE_UNUSABLE', `Could not append to ${path}: ${messageOf(error)}`, {
      hint: 'Make the file and its folder writable for this user.',
      // A full disk may have space later.
      retryable: true,
      cause: error,
    });
  }
}

/** `2026-12-01T09:00:00.000Z waiting engine 1.4.0 approve/go: waiting for approval (ann): Deploy?` */
const textLine = ({ at, event, text, repetition }: Message): string => `${at} ${event}${repetition ? ' (again)' : ''} ${text}`;
