/** Installs and builds what is missing or out of date, and starts nothing: what CI and a first look at the code need. */
import { exclusively } from './lib/exclusive.mjs';
import { prepare } from './lib/prepare.mjs';
import { endPlainly } from './lib/shell.mjs';

await exclusively(prepare).catch(endPlainly);
