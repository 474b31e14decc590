import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { renderHtmlReport } from '../../src/report/html/render-html-report.ts';
import { promotedRun } from './fixtures/promoted-run.ts';
import { rolledBackRun } from './fixtures/rolled-back-run.ts';
import { longRun } from './fixtures/long-run.ts';
test('dump', () => {
  const to = process.env['DUMP'] ?? '/tmp/pg/x';
  writeFileSync(`${to}-a.html`, renderHtmlReport(promotedRun()));
  writeFileSync(`${to}-b.html`, renderHtmlReport(rolledBackRun()));
  writeFileSync(`${to}-c.html`, renderHtmlReport(longRun()));
});
