import { definePlugin } from 'relpipe/plugin';
import { query } from './query/query.ts';
import { scrape } from './scrape/scrape.ts';

export default definePlugin({ name: 'prometheus', contract: 1, metrics: { query, scrape } });
