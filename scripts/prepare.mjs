/** Installs and builds what is missing or out of date, without a start: for CI and for reading the code. */
import { exclusively } from './lib/exclusive.mjs';
import { prepare } from './lib/prepare.mjs';
import { endPlainly } from './lib/shell.mjs';

await exclusively(prepare).catch(endPlainly);
