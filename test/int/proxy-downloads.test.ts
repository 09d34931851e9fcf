import { downloadsThrough } from '../servers/kit/downloads-through.js';

downloadsThrough('nginx');
