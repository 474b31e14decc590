import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { callApi } from '../http/call-api.ts';
import { readApi } from '../http/read-api.ts';
import { refusal } from '../http/refusal.ts';
import type { RuleGroup } from './read-rules.ts';
import type { RulesConfig } from './rules-config.ts';

const loadedGroup = Type.Object({ name: Type.String(), file: Type.String(), rules: Type.Array(Type.Object({ name: Type.String() })) });
type LoadedGroup = Static<typeof loadedGroup>;
const groupsReply = Type.Object({ data: Type.Object({ groups: Type.Array(loadedGroup) }) });
const runtimeReply = Type.Object({ data: Type.Object({ reloadConfigSuccess: Type.Boolean(), lastConfigTime: Type.String() }) });
export type Runtime = Static<typeof runtimeReply>['data'];

const refused = {
  code: 'PROMETHEUS_RULES_UNREADABLE',
  hint: 'Open /rules of the server in a browser.',
  elsewhere: '`server` has to be the base URL of a Prometheus server, with the path prefix it is served under.',
};

/** What a Prometheus server has loaded (https://prometheus.io/docs/prometheus/latest/querying/api/#rules), and how it is told to load again. */
export class RuleServer {
  readonly #config: RulesConfig;
  readonly #context: ReadContext;

  constructor(config: RulesConfig, context: ReadContext) {
    this.#config = config;
    this.#context = context;
  }

  /** Whether it can be asked and told at all; throws otherwise. */
  async verify(): Promise<void> {
    if (this.#config.reload === 'signal') await this.#pid();
    await this.runtime();
  }

  /** When it last read its configuration, and whether it could. */
  async runtime(): Promise<Runtime> {
    const call = { path: '/api/v1/status/runtimeinfo' };
    return (await readApi(this.#config.server, call, { schema: runtimeReply, ...refused }, this.#config, this.#context)).data;
  }

  /** Whether of our file exactly these groups are loaded. By its name alone: the server may see it under another path. */
  async has(groups: readonly RuleGroup[]): Promise<boolean> {
    const loaded = (await this.#loaded()).filter(({ file }) => basename(file) === basename(this.#config.file));
    return JSON.stringify(namesOf(loaded)) === JSON.stringify(namesOf(groups.map(withRuleNames)));
  }

  /**
   * Tells it to read its rules again; gives whether it has done so already.
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

  async #loaded(): Promise<readonly LoadedGroup[]> {
    const { data } = await readApi(this.#config.server, { path: '/api/v1/rules' }, { schema: groupsReply, ...refused }, this.#config, this.#context);
    return data.groups;
  }

  async #reloadByHttp(): Promise<true> {
    const reply = await callApi(this.#config.server, { path: '/-/reload', method: 'POST' }, this.#config, this.#context);
    if (reply.status === 200) return true;
    const isOff = reply.status === 403 || reply.status === 404 || reply.status === 405;
    const hint = isOff ? 'Start the server with --web.enable-lifecycle, or say `reload: signal`.' : 'What is wrong is in these words; its log has more.';
    const { message } = refusal(reply, refused);
    // Reading its files again does not make them better.
    throw new StepError('PROMETHEUS_RELOAD_REFUSED', message, { hint });
  }

  async #pid(): Promise<number> {
    const { 'pid-file': file = '' } = this.#config;
    const pid = Number((await readFile(resolve(this.#context.workdir, file), 'utf8').catch(() => '')).trim());
    if (Number.isInteger(pid) && pid > 1) return pid;
    throw new StepError('PROMETHEUS_RELOAD_REFUSED', `There is no process id in ${file || '`pid-file`'}.`, {
      hint: 'Name the file in which the server, or what starts it, writes its process id.',
    });
  }
}

const withRuleNames = ({ name, rules = [] }: RuleGroup) => ({ name, rules: rules.map(({ alert, record }) => ({ name: alert ?? record ?? '' })) });

const namesOf = (groups: readonly Pick<LoadedGroup, 'name' | 'rules'>[]): readonly string[] =>
  groups.map(({ name, rules }) => JSON.stringify([name, ...rules.map((rule) => rule.name)])).toSorted();
