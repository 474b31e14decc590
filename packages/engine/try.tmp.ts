import { parsePipeline } from './src/load/parse-pipeline.ts';
import { printDiagnostics } from './src/errors/print-diagnostics.ts';
for (const s of ['steps:\n  - { id: a, run: echo ${{ inputs.x }} }\nb: 1\n','a: { text: hello, world: [ , ] }\n','a: { url: http://x:80/{y}, b: c: d }\nz: 3\n','a: foo: bar\n','a: b\n\tc: d\n','a: 1\na: 2\n','w: !x\n','r: *.py\n','r: %abc\n','a: "x\n','a: "\\d"\n','---\na: 1\n---\nb: 2\n','','- a\n','foo\n','a: [1, 2\nb: 3\n','a: "b" c\n','a: - b\n','a: {x: {{ y }} }\n','a: \n  b: 1\n c: 2\n','steps: { run: echo "a: b", x }\n','v: [3.10, 010, 1e3, "3.10", 1_000, .5, 10]\n']) {
  const raw = parsePipeline(process.cwd()+'/p.yaml', s);
  console.log('-----', JSON.stringify(s)); console.log(printDiagnostics(raw.findings, new Map([[raw.file, s]])));
}
