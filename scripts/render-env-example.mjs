// Renders .env.example and the settings in docs/operations.md from the configuration schema; --check only
// compares.
import { readFileSync, writeFileSync } from 'node:fs';

const { renderEnvExample, renderSettings } = await import('../dist/platform/config/env-example.js').catch(
  () => {
    console.error('Build first: npm run build:server');
    process.exit(1);
  },
);
const files = {
  '.env.example': renderEnvExample,
  'docs/operations.md': renderSettings,
};
for (const [file, render] of Object.entries(files)) {
  const found = readFileSync(file, 'utf8');
  const wanted = render(found);
  if (found === wanted) continue;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, wanted);
    continue;
  }
  console.error(`${file} differs from the schema. Run: npm run env:example`);
  process.exitCode = 1;
}
