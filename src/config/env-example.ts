import { configAreas } from './app.config.js';
import type { ConfigArea } from './config.schema.js';

/** Renders `.env.example` from the schema: every setting with its meaning and its default, commented out. */
export function renderEnvExample(): string {
  const lines = [
    '# Burnbag: every setting with its default. Rendered by `npm run env:example`; do not edit.',
    '',
  ];
  for (const [name, area] of Object.entries<ConfigArea>(configAreas)) {
    lines.push(`# --- ${name} ---`);
    for (const field of Object.values(area)) {
      const file = field.secret ? ` Also as ${field.env}_FILE.` : '';
      lines.push(`# ${field.doc}${file}`, `#${field.env}=${String(field.fallback ?? '')}`, '');
    }
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
