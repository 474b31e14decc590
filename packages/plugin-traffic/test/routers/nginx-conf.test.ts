import { expect, test } from 'vitest';
import { lineUnits, weightsFrom } from '../../src/routers/nginx/upstream-file.ts';
import { copiesOf, findUpstream, unitsOf, withUnits } from '../../src/routers/nginx/upstream-servers.ts';

const findServers = (text: string, upstream: string) => findUpstream(text, upstream)?.servers;

const conf = `# upstream shop { server 1.1.1.1; }
upstream other { server 10.0.0.9:80 weight=3; }
map $http_x \${y} { "a;}" 1; ~^/x{2}$ '}'; }
upstream shop { # the shop
\tzone shop 64k;
  server 10.0.0.1:80   weight=90 max_fails=0; # stable, weight=90
  server 10.0.0.2:80 # the next one
    down ;
  server unix:/run/last.sock backup;
  keepalive 8;
}
server { location ~ "^/a{1,2}" { proxy_pass http://shop; } }
`;

const servers = findServers(conf, 'shop') ?? [];

test('the weights of an upstream are read: 1 where none is given, 0 for a server that is down, and none for a backup server', () => {
  expect(unitsOf(servers)).toEqual({ '10.0.0.1:80': 90, '10.0.0.2:80': 0 });
  expect(unitsOf(findServers('upstream a { server b; }', 'a') ?? [])).toEqual({ b: 1 });
});

test('an edit changes only weights: comments, order and blanks stay as they are', () => {
  const changed = withUnits(conf, servers, { '10.0.0.1:80': 75, '10.0.0.2:80': 25 });

  expect(changed).toBe(conf.replace('weight=90 max', 'weight=75 max').replace('10.0.0.2:80 #', '10.0.0.2:80 weight=25 #').replace('    down ;', ' ;'));
});

test('a server without a share becomes down, and the rest of its line is kept for when it gets one again', () => {
  const none = withUnits(conf, servers, { '10.0.0.1:80': 0, '10.0.0.2:80': 100 });
  expect(none).toContain('server 10.0.0.1:80   weight=90 max_fails=0 down; # stable');

  const back = withUnits(none, findServers(none, 'shop') ?? [], { '10.0.0.1:80': 100, '10.0.0.2:80': 0 });
  expect(back).toContain('server 10.0.0.1:80   weight=100 max_fails=0; # stable');
  expect(back).toContain('server 10.0.0.2:80 weight=100 down # the next one');
  expect(unitsOf(findServers(back, 'shop') ?? [])).toEqual({ '10.0.0.1:80': 100, '10.0.0.2:80': 0 });
});

test('an upstream in a comment, in a quoted text, or with another name is not found', () => {
  expect(findServers('# upstream shop { server a; }\nlog_format x "upstream shop { server a; }";\nupstream shops { server a; }', 'shop')).toBeUndefined();
});

test('a name with several addresses gets its weight once for each of them', () => {
  const many = findServers('upstream a { server many.test weight=2; server 10.0.0.1 weight=4; }', 'a') ?? [];
  const addresses = { 'many.test': 3, '10.0.0.1': 1 };

  expect(unitsOf(many, addresses)).toEqual({ 'many.test': 6, '10.0.0.1': 4 });
  const copies = copiesOf(many, addresses);
  expect(copies).toEqual({ 'many.test': 3, '10.0.0.1': 1 });
  const units = lineUnits({ 'many.test': 75, '10.0.0.1': 25 }, copies);
  expect(units).toEqual({ 'many.test': 50, '10.0.0.1': 50 });
  expect(weightsFrom(units, copies)).toEqual({ 'many.test': 75, '10.0.0.1': 25 });
});

test('a line that somebody has taken out of a side with several lines stays out', () => {
  const text = 'upstream a { server b weight=1; server b weight=5 down; server c weight=1; }';
  const lines = findServers(text, 'a') ?? [];

  expect(unitsOf(lines)).toEqual({ b: 1, c: 1 });
  expect(withUnits(text, lines, { b: 3, c: 1 })).toBe(text.replace('b weight=1', 'b weight=3'));
});

test('a file of servers without an upstream is one that an upstream includes', () => {
  expect(findUpstream('server a; server b down;\n', 'shop')).toMatchObject({ isIncluded: true });
  expect(findUpstream('server a;\nupstream other { server b; }', 'shop')).toBeUndefined();
  expect(findUpstream('# nothing\n', 'shop')).toBeUndefined();
});
