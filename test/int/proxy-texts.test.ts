import { textsThrough } from '../servers/kit/texts-through.js';

textsThrough('nginx');
