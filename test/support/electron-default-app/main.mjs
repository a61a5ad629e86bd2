// What a stock Electron does with `electron FOLDER`: runs the app in that folder, or the entry file it is given. Packed into the test
// runtime, which comes without one.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const target = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (target === undefined) {
  process.stderr.write('usage: electron [options] APP_FOLDER_OR_FILE\n');
  process.exit(2);
}
const path = resolve(target);
const manifestFile = join(path, 'package.json');
let entry = path;
if (existsSync(manifestFile)) {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  entry = join(path, manifest.main ?? 'index.js');
  app.setVersion(manifest.version ?? '0.0.0');
  app.setName(manifest.productName ?? manifest.name ?? app.getName());
}
app.setAppPath(entry === path ? dirname(path) : path);
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
try {
  // Awaited: Electron holds `ready` back until this module has been loaded, and the app needs that time as it would have it alone.
  await import(pathToFileURL(entry).href);
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
