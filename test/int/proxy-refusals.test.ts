import { refusalsThrough } from '../servers/kit/refusals-through.js';

refusalsThrough('nginx');
