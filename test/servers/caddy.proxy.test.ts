import { downloadsThrough } from './kit/downloads-through.js';
import { refusalsThrough } from './kit/refusals-through.js';
import { textsThrough } from './kit/texts-through.js';
import { uploadsThrough } from './kit/uploads-through.js';

textsThrough('caddy');
uploadsThrough('caddy');
downloadsThrough('caddy');
refusalsThrough('caddy');
