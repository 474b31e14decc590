/** https://prometheus.io/docs/concepts/data_model/, before the UTF-8 names of Prometheus 3: those arrive escaped. */
export const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
export const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
