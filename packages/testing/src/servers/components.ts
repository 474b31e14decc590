import type { Component } from './component.ts';
import { dockerEngine, dockerRegistry } from './kinds/docker.ts';
import { haproxy } from './kinds/haproxy.ts';
import { nginx } from './kinds/nginx.ts';
import { devpi, pypiserver } from './kinds/package-indexes.ts';
import { alertmanager, prometheus, pushgateway } from './kinds/prometheus.ts';

/** All real servers and tools, in the order of the table. */
export const components: readonly Component[] = [
  python('pypiserver', ['pypi-server'], pypiserver),
  python('devpi', ['devpi-server', 'devpi-init'], devpi),
  python('twine', ['twine']),
  python('build', ['pyproject-build']),
  python('uv', ['uv']),
  python('pip', ['pip']),
  {
    // Where the kernel has AppArmor, containers only start with its parser.
    ...debian('docker-engine', ['dockerd', 'docker', 'iptables'], ['docker.io', 'iptables', 'apparmor'], dockerEngine),
    services: ['docker.service', 'docker.socket', 'containerd.service', 'apparmor.service'],
  },
  debian('docker-compose', ['docker-compose'], ['docker-compose']),
  debian('buildah', ['buildah'], ['buildah']),
  debian('skopeo', ['skopeo'], ['skopeo']),
  debian('curl', ['curl'], ['curl']),
  debian('jq', ['jq'], ['jq']),
  { ...debian('kubectl', ['kubectl'], ['kubernetes-client']), versionArguments: ['version', '--client'] },
  { ...debian('busybox', ['busybox'], ['busybox-static']), versionArguments: ['--help'] },
  service(debian('docker-registry', ['docker-registry'], ['docker-registry'], dockerRegistry)),
  service(debian('prometheus', ['prometheus', 'promtool'], ['prometheus'], prometheus)),
  service(debian('alertmanager', ['prometheus-alertmanager', 'amtool'], ['prometheus-alertmanager'], alertmanager)),
  service(debian('pushgateway', ['prometheus-pushgateway'], ['prometheus-pushgateway'], pushgateway)),
  service({ ...debian('nginx', ['nginx'], ['nginx-light'], nginx), versionArguments: ['-v'] }),
  service({ ...debian('haproxy', ['haproxy'], ['haproxy'], haproxy), versionArguments: ['-v'] }),
];

function python(name: string, programs: Component['programs'], server?: Component['server']): Component {
  return { name, programs, versionArguments: ['--version'], from: 'python', packages: ['python3-venv'], ...(server && { server }) };
}

function debian(name: string, programs: Component['programs'], packages: readonly string[], server?: Component['server']): Component {
  return { name, programs, versionArguments: ['--version'], from: 'debian', packages, ...(server && { server }) };
}

/** Debian names the service like the program. */
function service(component: Component): Component {
  return { ...component, services: [`${component.programs[0]}.service`] };
}
