// Two releases of a small service, for real: a good version is promoted, a bad one is taken back.
import { Playground } from './demo/playground.ts';
import { tellStory } from './demo/tell-story.ts';

const longestMs = 85_000;

const playground = new Playground();
let cutShortBy: string | undefined;

process.once('SIGINT', () => cutShort('SIGINT'));
process.once('SIGTERM', () => cutShort('SIGTERM'));
const alarm = setTimeout(() => cutShort(`it took longer than ${longestMs / 1000} s`), longestMs);

try {
  await tellStory(playground);
  await playground.stop();
  console.log('\ndemo: 1 promoted, 1 rolled back');
} catch (error) {
  const because = cutShortBy ?? (error instanceof Error ? error.message : String(error));
  console.error(`\n${playground.tails()}\n\ndemo: failed: ${because}`);
  process.exitCode = cutShortBy === 'SIGINT' ? 130 : 1;
} finally {
  clearTimeout(alarm);
  await playground.stop();
}

/** What the story waits for ends, and so does the story. */
function cutShort(because: string): void {
  cutShortBy = because;
  void playground.stop();
}
