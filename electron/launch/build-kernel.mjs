// `npm run kernel`: compiles electron/engine/imports/block-kernel/kernel.ts and writes module.ts beside it, which is what the product
// loads, so that neither starting nor bundling it needs the compiler. With `--check` nothing is written, and a module.ts that does not
// belong to kernel.ts as it stands is a failure.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { main } from 'assemblyscript/asc';

const folder = resolve(import.meta.dirname, '../engine/imports/block-kernel');
const file = join(folder, 'module.ts');
let compiled = null;
const { error, stderr } = await main(
  ['kernel.ts', '-O3', '--runtime', 'stub', '--outFile', 'kernel.wasm', '--baseDir', folder],
  {
    writeFile: (_name, contents) => {
      compiled = contents;
    },
  },
);
if (error || compiled === null) fail(stderr.toString());
const base64 = Buffer.from(compiled).toString('base64');
const text = `/** kernel.ts as WebAssembly, written by build-kernel.mjs and not by hand. */\nexport const kernelBase64 =\n  '${base64}';\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) fail('module.ts is not what kernel.ts makes: run `npm run kernel`.');

function fail(message) {
  console.error(message);
  process.exit(1);
}
