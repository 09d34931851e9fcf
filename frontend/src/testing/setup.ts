import '@testing-library/jest-dom/jest-globals';
import { afterEach, jest } from '@jest/globals';

// Real key derivation runs in these tests, on machines that may be busy.
jest.setTimeout(240_000);

if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 60_000 });
}

afterEach(() => {
  if (typeof sessionStorage === 'undefined') return;
  sessionStorage.clear();
  localStorage.clear();
});
