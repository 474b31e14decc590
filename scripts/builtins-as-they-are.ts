import type { Options } from 'tsup';

type Plugin = NonNullable<Options['plugins']>[number];

/**
 * Takes Node's own modules as they are. An `import` of one reads each of its properties, and some load what nobody asked for: `node:fs`
 * its promises, these the line editor. A start is 5 ms shorter without. `node:module` stays an import, for it comes before the look at
 * the version of Node.
 */
export const builtinsAsTheyAre: Plugin = {
  name: 'builtins-as-they-are',
  renderChunk(code) {
    return { code: code.replaceAll(importOfBuiltin, (_, what: string, name: string) => `const ${asPattern(what)} = process.getBuiltinModule("${name}");`) };
  },
};

/** As esbuild writes it: `import fs from`, `import * as fs from`, `import { a, b as c } from`. */
const importOfBuiltin = /^import ([\w$]+|\* as [\w$]+|\{[^}]*\}) from "(node:(?!module")[\w/]+)";$/gm;

const asPattern = (what: string): string => (what.startsWith('{') ? what.replaceAll(' as ', ': ') : what.replace('* as ', ''));
