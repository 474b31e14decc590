import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { imageWith, realDocker } from '@relpipe/testing/real-docker';
import { needing } from '@relpipe/testing/real-servers';
import { installPlugins, openFolder } from '@relpipe/testing/relpipe-folder';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, onTestFinished, test } from 'vitest';

const needed = { ...needing('docker-engine', 'docker-registry', 'docker-compose', 'buildah', 'busybox'), timeout: 240_000 };

const readme = resolve(import.meta.dirname, '../../packages/plugin-docker/README.md');

const compose = `
version: "3.7"
services:
  web:
    image: \${IMAGE}
    stop_grace_period: 0s
    healthcheck: { test: [CMD, /bin/busybox, "true"], interval: 300ms }
    volumes: [data:/data]
volumes: { data: {} }
`;

/** A stand-in for trivy that reports one finding of low severity for every image. */
const trivy = `#!/bin/sh
for image; do :; done
echo '{"SchemaVersion":2,"ArtifactName":"'$image'","Results":[{"Target":"busybox","Class":"os-pkgs","Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"LOW","PkgName":"busybox"}]}]}'
`;

test('the pipeline of the README of plugin-docker deploys a version, and rolls the next one back completely', needed, async () => {
  const given = realDocker();
  const { registry, id } = given;
  const name = `shop${id}`;
  const folder = await openFolder({}, onTestFinished);
  installPlugins(folder.path);
  const write = (file: string, text: string): void => writeFileSync(join(folder.path, file), text);
  const program = (file: string, text: string): void => {
    write(file, text);
    chmodSync(join(folder.path, file), 0o755);
  };
  const ownNames = { 'registry.example/acme/shop': `${registry}/acme/${name}`, 'project: shop': `project: ${name}`, shop_data: `${name}_data` };
  write('release.pipeline.yaml', pipelineOfReadme(readme, 0, ownNames));
  write('compose.yaml', compose);
  program('trivy', trivy);
  program('smoke-test', '#!/bin/sh\nexec /bin/busybox wget -q -O tried-out "$1/index.html"\n');
  program('acceptance-test', '#!/bin/sh\nexit 0\n');
  given.writeImage('COPY index.html /index.html');
  for (const file of ['busybox', 'Dockerfile']) writeFileSync(join(folder.path, file), readFileSync(join(given.folder, file)));
  chmodSync(join(folder.path, 'busybox'), 0o755);
  write('Dockerfile', readFileSync(join(given.folder, 'Dockerfile'), 'utf8').replace('ENTRYPOINT ["/bin/busybox"]', 'CMD ["/bin/busybox", "httpd", "-f", "-p", "8080"]'));
  write('storage.conf', `[storage]\ndriver = "vfs"\ngraphroot = "${given.folder}/graph"\nrunroot = "${given.folder}/run"\n`);
  const env = { CONTAINERS_STORAGE_CONF: join(folder.path, 'storage.conf'), PATH: `${folder.path}:${process.env['PATH'] ?? ''}` };

  const running = async (): Promise<string> => {
    const ids = await given.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${name}`);
    return given.docker('container', 'inspect', '--format', '{{.Image}} {{.State.Health.Status}}', ...ids.split('\n'));
  };
  const own = async (): Promise<string> => given.docker('ps', '--all', '--quiet', '--filter', 'label=dev.relpipe.step', '--filter', `ancestor=${registry}/acme/${name}`);
  const digestOf = async (tag: string): Promise<string | null> => {
    const answer = await fetch(`http://${registry}/v2/acme/${name}/manifests/${tag}`, { headers: { accept: 'application/vnd.oci.image.index.v1+json' } });
    return answer.headers.get('docker-content-digest');
  };
  await given.docker('volume', 'create', `${name}_data`);
  onTestFinished(async () => {
    const left = await given.docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${name}`);
    if (left !== '') await given.docker('rm', '--force', ...left.split('\n'));
    await given.docker('network', 'rm', `${name}_default`).catch(() => undefined);
    await given.docker('volume', 'rm', '--force', `${name}_data`);
    const images = await given.docker('images', '--quiet', `${registry}/acme/${name}`);
    if (images !== '') await given.docker('image', 'rm', '--force', ...new Set(images.split('\n')));
  });
  const relpipe = (...args: readonly string[]) => folder.start(args, env).finished;

  write('index.html', 'one');
  const plan = await relpipe('plan', '--input', 'version=1.0.0');
  expect(plan.code, plan.stdout + plan.stderr).toBe(0);
  const first = await relpipe('run', '--input', 'version=1.0.0');
  expect(first.code, first.stdout + first.stderr).toBe(0);
  const stable = await digestOf('stable');
  expect(stable).toBe(await digestOf('1.0.0'));
  expect(readFileSync(join(folder.path, 'tried-out'), 'utf8')).toBe('one');
  const before = await running();
  expect(before).toBe(`${await given.docker('image', 'inspect', '--format', '{{.Id}}', `${registry}/acme/${name}@${stable ?? ''}`)} healthy`);
  expect(await own()).toBe('');

  write('index.html', 'two');
  program('acceptance-test', '#!/bin/sh\nexit 1\n');
  const second = await relpipe('run', '--input', 'version=1.1.0');
  expect(second.code, second.stdout + second.stderr).toBe(3);
  expect(readFileSync(join(folder.path, 'tried-out'), 'utf8')).toBe('two');
  expect(await digestOf('stable')).toBe(stable);
  expect(await digestOf('1.1.0')).toBeNull();
  expect(await running()).toBe(before);
  expect(await own()).toBe('');
  expect(readdirSync(join(folder.path, 'backups')).filter((one) => existsSync(join(folder.path, 'backups', one, 'backup.json')))).toHaveLength(2);
});

test('a container whose relpipe is killed while it starts is replaced by the resumed run, and removed at the end of the stage', needed, async () => {
  const given = await imageWith();
  const containers = () => given.containers();
  const folder = await openFolder({}, onTestFinished);
  installPlugins(folder.path);
  writeFileSync(
    join(folder.path, 'release.pipeline.yaml'),
    `
relpipe: 1
name: killed
plugins: { "@relpipe/plugin-docker": "*" }
stages:
  try-out:
    steps:
      - id: service
        uses: docker.run
        with: { image: "${given.image}", command: [httpd, -f, -p, "8080", -h, /bin], ports: ["127.0.0.1::8080"], healthy: { http: /not-there-yet, port: 8080 } }
      - { id: use, run: "echo used \${{ steps.service.outputs.container }}" }
`,
  );
  const started = folder.start(['run']);
  await waitUntil(async () => (await containers()) !== '');
  started.child.kill('SIGKILL');
  await started.finished;
  const [first = ''] = (await containers()).split('\n');
  expect(first).not.toBe('');

  const resumed = folder.start(['resume']);
  // The container that was starting is replaced, because it was not healthy yet.
  await waitUntil(async () => !['', first].includes(await containers()));
  const second = await containers();
  await given.docker('exec', second, '/bin/busybox', 'touch', '/bin/not-there-yet');
  const { code, stdout, stderr } = await resumed.finished;
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain(`used ${second}`);
  expect(await containers()).toBe('');
});
