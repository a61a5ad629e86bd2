// `npm run conformance -- [--vectors DIR]`: every vector of a folder (by default ../shared/vectors beside the checkout) through the
// adapter of its function; ends with `N passed, M failed, K skipped`. Skipped are functions that are not ours, each with its reason.
import { pathToFileURL } from 'node:url';
import { bundledMain } from '../support/bundled-main.mjs';

await import(pathToFileURL(await bundledMain('test/conformance/main.ts')).href);
