/** Errors of the built-in metric types and of `http.check`. */
export const metricTexts = {
  REL_METRIC_COMMAND_FAILED: (p: { ended: string; printed: string }) => ({
    message: `The command ended with ${p.ended}${p.printed === '' ? '' : `: ${p.printed}`}`,
    hint: 'A metric command prints one number and ends with exit code 0; run it by hand to see why it does not.',
  }),
  REL_METRIC_COMMAND_NOT_A_NUMBER: (p: { printed: string }) => ({
    message: p.printed === '' ? 'The command printed nothing.' : `The last line the command printed is no number: ${p.printed}`,
    hint: 'Let it print one plain number, such as 0.25, as its last line, without a unit.',
  }),
  REL_HTTP_CHECK_REQUEST_FAILED: (p: { url: string; because: string }) => ({
    message: `This machine could not ask ${p.url}: ${p.because}.`,
    hint: 'It says nothing about the service: look at the network and the name resolution of the machine relpipe runs on.',
  }),
  REL_HTTP_CHECK_UNHEALTHY: (p: { url: string; because: string }) => ({
    message: `${p.url} did not become healthy: ${p.because}.`,
    hint: 'Look at the log of the service, or give the step a longer timeout.',
  }),
};
