/** What YAML, expressions or JavaScript read in a way of their own. */
export const oddTokens: readonly string[] = [
  '*', '&', '*x', '&x', '!', '!!', '!!binary', '!!js/function', '|', '>', '|-', '>+2', '${{', '}}', '$${{', '${{ }}', '{', '}', '[', ']', '"', "'", '#', ' #', ': ', ':', '- ', '?', '? ',
  ',', '%', '%YAML 1.1', '---', '...', '<<', '<<: *x', '@', '`', '\\', '\\u0000', '"\\x"', '~', 'null', 'true', 'yes', 'on', 'NO', '.nan', '.inf', '-.inf', '0x1F', '0o17', '1e400', '-0', '007',
  '1_000', '12:30:45', '2026-11-30', '9007199254740993', '99999999999999999999999', '0.1', '-1', '5%', '100.0000001%', '1e3%', '5m', '0s', '-5m', '99999999d', '1.5.2', '__proto__', 'constructor',
  'toString', 'hasOwnProperty', 'length', '$secret', '$later', '$expr', '$text', '$now', 'inputs', 'inputs.x', 'steps', 'steps.a.outputs.b', 'matrix', 'secrets.TOKEN', 'failure()', 'in', '&&', '||', '==',
  'size(', 'matches("(a+)+$")', '.all(x, x > 0)', '.map(x, [1,2,3].map(y, y))', '[1,2,3]', '"a" + 1', 'duration("5m")', 'default(', '1/0', '1 % 0', '?', ':', 'uses', 'run', 'needs', 'rollback', 'finally', 'stages',
  'steps:', 'gates:', 'matrix:', '{ ', ' }', '[]', '{}', 'x'.repeat(5000), '${{ inputs.'.repeat(50), ' && true'.repeat(500),
];

export const oddCharacters: readonly string[] = [
  '\0', '\u0001', '\u001b[31m', '\t', '\v', '\f', '\r', '\u007f', '\u0085', '\u00a0', '\u00ad', '\u0130', '\u0301', '\u200b', '\u200d', '\u202e', '\u2028', '\u2029', '\u2066', '\ufeff', '\ufffd', '\uffff',
  '\ud83d', '\ude00', '\ud83d\ude00', '\ud83d\udc69\u200d\ud83d\udcbb', '\u0661', '\uff11', '\u0435', '\u03bf', '\u{1d7d9}', 'ä', 'ß', 'İ', '中', 'ﬀ',
];
