// Checks that the candidate is the version to release, that it answers, and that it can be measured:
// node smoke-test.ts http://127.0.0.1:9002 1.1.0
const [url, version] = process.argv.slice(2);
if (url === undefined || version === undefined) throw new Error('Usage: node smoke-test.ts URL VERSION');

async function read(path: string): Promise<string> {
  const response = await fetch(`${url}${path}`);
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}.`);
  return response.text();
}

const found = await read('/version');
if (found !== version) throw new Error(`${url} is version ${found}, not ${version}.`);
await read('/');
for (const name of ['http_requests_total', 'http_request_duration_seconds_bucket']) {
  if (!(await read('/metrics')).includes(name)) throw new Error(`${url}/metrics has no ${name}.`);
}
console.log(`${url} is version ${version}, answers, and can be measured.`);

export {};
