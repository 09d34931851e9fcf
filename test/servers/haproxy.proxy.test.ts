import { textsThrough } from './kit/texts-through.js';

textsThrough('haproxy');
