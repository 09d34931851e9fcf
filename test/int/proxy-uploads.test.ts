import { uploadsThrough } from '../servers/kit/uploads-through.js';

uploadsThrough('nginx');
