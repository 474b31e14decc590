import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import type { HttpApi } from '../http/http-api.ts';
import { rulesApi } from '../http/prometheus-api.ts';
import type { RuleGroup } from './rule-file.ts';
import type { RulesConfig } from './rules.ts';

const loadedGroup = Type.Object({ name: Type.String(), file: Type.String(), rules: Type.Array(Type.Object({ name: Type.String() })) });
type LoadedGroup = Static<typeof loadedGroup>;
const groupsResponse = Type.Object({ data: Type.Object({ groups: Type.Array(loadedGroup) }) });
const runtimeResponse = Type.Object({ data: Type.Object({ reloadConfigSuccess: Type.Boolean(), lastConfigTime: Type.String() }) });
export type Runtime = Static<typeof runtimeResponse>['data'];

/**
 * The rules that a Prometheus server has loaded (https://prometheus.io/docs/prometheus/latest/querying/api/#rules), and how it is made to
 * reload. Throws `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_RULES_UNREADABLE`.
 */
export class RuleServer {
  readonly #config: RulesConfig;
  readonly #context: ReadContext;
  readonly #api: HttpApi;

  constructor(config: RulesConfig, context: ReadContext) {
    this.#config = config;
    this.#context = context;
    this.#api = rulesApi(config.server, config, context);
  }

  /** Throws where the server does not respond or could not be made to reload. */
  async verify(): Promise<void> {
    if (this.#config.reload === 'signal') await this.#pid();
    await this.runtime();
  }

  /** When it last read its configuration, and whether it could. */
  async runtime(): Promise<Runtime> {
    return (await this.#api.read({ path: '/api/v1/status/runtimeinfo' }, runtimeResponse)).data;
  }

  /** Whether exactly these groups are loaded from our file. Only the name of the file counts: the server may see it under another path. */
  async hasLoaded(groups: readonly RuleGroup[]): Promise<boolean> {
    const { data } = await this.#api.read({ path: '/api/v1/rules' }, groupsResponse);
    const loaded = data.groups.filter(({ file }) => basename(file) === basename(this.#config.file));
    return JSON.stringify(namesOf(loaded)) === JSON.stringify(namesOf(groups.map(withRuleNames)));
  }

  /**
   * Tells the server to reload its rules; returns whether it has done so already.
   * @throws {StepError} `PROMETHEUS_RELOAD_REFUSED`
   */
  async reload(): Promise<boolean> {
    switch (this.#config.reload ?? 'http') {
      case 'http':
        return this.#reloadByHttp();
      case 'signal':
        process.kill(await this.#pid(), 'SIGHUP');
        return false;
      case 'none':
        return false;
    }
  }

  async #reloadByHttp(): Promise<true> {
    const response = await this.#api.send({ path: '/-/reload', method: 'POST' });
    if (response.status === 200) return true;
    const isDisabled = response.status === 403 || response.status === 404 || response.status === 405;
    const hint = isDisabled
      ? 'Start the server with --web.enable-lifecycle, or set `reload: signal`.'
      : 'Correct what this message of the server names; its log may say more.';
    // Not retryable: reading the same files again does not make them valid.
    throw new StepError('PROMETHEUS_RELOAD_REFUSED', this.#api.refusal(response).message, { hint });
  }

  async #pid(): Promise<number> {
    const { 'pid-file': file = '' } = this.#config;
    const pid = Number((await readFile(resolve(this.#context.workdir, file), 'utf8').catch(() => '')).trim());
    if (Number.isInteger(pid) && pid > 1) return pid;
    throw new StepError('PROMETHEUS_RELOAD_REFUSED', `There is no process id in ${file || '`pid-file`'}.`, {
      hint: 'Set `pid-file` to the file in which the server, or its service manager, writes its process id.',
    });
  }
}

const withRuleNames = ({ name, rules = [] }: RuleGroup) => ({
  name,
  rules: rules.map(({ alert, record }) => ({ name: alert ?? record ?? '' })),
});

const namesOf = (groups: readonly Pick<LoadedGroup, 'name' | 'rules'>[]): readonly string[] =>
  groups.map(({ name, rules }) => JSON.stringify([name, ...rules.map((rule) => rule.name)])).toSorted();
