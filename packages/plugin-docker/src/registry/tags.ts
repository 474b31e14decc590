import { parseJson, Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import type { Repository } from './repository.ts';

const tagList = Type.Object({ tags: Type.Union([Type.Array(Type.String()), Type.Null()]) });

/** All tags of a repository, page by page. @throws {StepError} */
export async function listTags(repository: Repository): Promise<readonly string[]> {
  const tags: string[] = [];
  for (let page: string | undefined = 'tags/list'; page !== undefined; ) {
    const answer = await repository.ask('GET', page, {});
    const body = parseJson(answer.bytes);
    if (answer.status !== 200 || !Value.Check(tagList, body)) throw repository.refused('list the tags of', 'all', answer);
    tags.push(...(body.tags ?? []));
    page = /<([^>]+)>\s*;\s*rel="?next/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return tags;
}
