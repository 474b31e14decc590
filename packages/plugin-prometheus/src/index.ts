import { definePlugin } from 'relpipe/plugin';
import { noAlerts } from './no-alerts/no-alerts.ts';
import { push } from './push/push.ts';
import { query } from './query/query.ts';
import { releaseMetrics } from './release-metrics/release-metrics.ts';
import { rules } from './rules/rules.ts';
import { scrape } from './scrape/scrape.ts';
import { silence } from './silence/silence.ts';

export default definePlugin({
  name: 'prometheus',
  contract: 1,
  channels: { 'release-metrics': releaseMetrics },
  metrics: { 'no-alerts': noAlerts, query, scrape },
  steps: { push, rules, silence },
});
