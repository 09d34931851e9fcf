import '@testing-library/jest-dom/jest-globals';
import { afterEach, jest } from '@jest/globals';

// Real key derivation runs in these tests, on machines that may be busy.
jest.setTimeout(240_000);

if (typeof document !== 'undefined') {
  // jsdom 26 has the element without its methods.
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
    this.open = false;
  };
  const { configure } = await import('@testing-library/react');
  configure({ asyncUtilTimeout: 60_000 });
}

afterEach(() => {
  if (typeof sessionStorage === 'undefined') return;
  sessionStorage.clear();
  localStorage.clear();
});
