import { defineMetric } from 'relpipe/plugin';
import { scrapeConfig } from './scrape-config.ts';

/**
 * `prometheus.scrape`: reads `/metrics` of the targets itself, so that no Prometheus server is needed.
 *
 * A single look knows no growth: the first measurement of a watch has no data, neither 0 nor what happened since the target
 * started. From the second on it is exact between the first and the last scrape within the window, so a window should be
 * at least twice as long as the gate's `every`.
 */
export const scrape = defineMetric({
  summary: 'Rate, ratio or quantile of a service, read from its own /metrics without a Prometheus server',
  with: scrapeConfig,
  unit: 'from-config',
  answersForThePast: false,
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-scrape.ts')).verifyScrape(config, context),
  measure: async (config, look, context) => (await import('./measure-scrape.ts')).measureScrape(config, look, context),
});
