export * from './access-levels.js';
export * from './audit-actions.js';
export * from './languages.js';
export * from './token-scopes.js';
