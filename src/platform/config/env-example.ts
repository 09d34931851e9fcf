import { configAreas } from './sections/app.config.js';
import type { ConfigArea, ConfigField } from './config.schema.js';

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

const BEGIN = '<!-- settings: rendered by `npm run env:example` -->';
const END = '<!-- end of settings -->';

function settingLine({ env, doc, fallback, secret }: ConfigField<unknown>): string {
  const names = secret ? `\`${env}\`, \`${env}_FILE\`` : `\`${env}\``;
  return `- ${names}${fallback === undefined ? '' : ` (\`${String(fallback)}\`)`}: ${doc}`;
}

/**
 * The operator's page with the settings and their defaults, from the schema. @throws Error without the
 * markers
 */
export function renderSettings(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  if (before === undefined || after === undefined)
    throw new Error('the page has no markers for the settings');
  const areas = Object.entries<ConfigArea>(configAreas).map(
    ([name, area]) => `### ${name}\n\n${Object.values(area).map(settingLine).join('\n')}\n`,
  );
  return `${before}${BEGIN}\n\n${areas.join('\n')}\n${END}${after}`;
}
