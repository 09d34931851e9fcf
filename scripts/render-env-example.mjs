// Renders .env.example from the configuration schema; with --check only says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';

const { renderEnvExample } = await import('../dist/config/env-example.js').catch(() => {
  console.error('Build first: npm run build:server');
  process.exit(1);
});
const wanted = renderEnvExample();
if (process.argv.includes('--check')) {
  const found = readFileSync('.env.example', 'utf8');
  if (found !== wanted) {
    console.error('.env.example is not what the schema says. Run: npm run env:example');
    process.exit(1);
  }
} else {
  writeFileSync('.env.example', wanted);
}
