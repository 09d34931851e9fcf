import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A translation key as the code uses it; `open` when only its beginning is fixed, as in t(`state.${state}`). */
export interface UsedKey {
  namespace: string;
  key: string;
  open: boolean;
  file: string;
}

const SOURCE = join(import.meta.dirname, '..');
/** Attributes that a reader sees or hears. */
const SPOKEN = new Set(['aria-label', 'alt', 'title', 'placeholder', 'label', 'hint', 'legend']);
/** Proper names. */
const NAMES = new Set(['Burnbag']);
const LETTERS = /\p{L}{2,}/u;

/** The program text of the web app, tests and helpers of tests left out. */
function sourceFiles(): ts.SourceFile[] {
  const names = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^testing/.test(name))
    .map((name) => {
      const text = readFileSync(join(SOURCE, name), 'utf8');
      const kind = name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
      return ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
    });
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

const namespaceOf = (file: ts.SourceFile): string =>
  /(?:useTranslation|TFunction<?)\(?['"<]*([a-z]+)['"]/.exec(file.text)?.[1] ?? 'common';

/** Every key in an expression: plain text, both arms of a condition, or the fixed beginning of a template. */
function keysIn(node: ts.Node | undefined): { key: string; open: boolean }[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [{ key: node.text, open: false }];
  if (ts.isTemplateExpression(node)) return [{ key: node.head.text, open: true }];
  if (ts.isConditionalExpression(node)) return [...keysIn(node.whenTrue), ...keysIn(node.whenFalse)];
  if (ts.isJsxExpression(node)) return keysIn(node.expression);
  return [];
}

/** Every key that the code hands to t() or to <Trans>. */
export function usedKeys(): UsedKey[] {
  return sourceFiles().flatMap((file) => {
    const found: UsedKey[] = [];
    const add = (node: ts.Node | undefined) => {
      for (const key of keysIn(node))
        found.push({ ...key, namespace: namespaceOf(file), file: file.fileName });
    };
    visit(file, (node) => {
      if (ts.isCallExpression(node) && node.expression.getText() === 't') add(node.arguments[0]);
      if (ts.isJsxAttribute(node) && node.name.getText() === 'i18nKey') add(node.initializer);
    });
    return found;
  });
}

/** Words that stand in the markup itself instead of in a language file. */
export function literalTexts(): string[] {
  return sourceFiles().flatMap((file) => {
    const found: string[] = [];
    const add = (text: string) => {
      if (LETTERS.test(text) && !NAMES.has(text.trim())) found.push(`${file.fileName}: ${text.trim()}`);
    };
    visit(file, (node) => {
      if (ts.isJsxText(node)) add(node.text);
      if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteral(node.expression)) {
        if (!ts.isJsxAttribute(node.parent)) add(node.expression.text);
      }
      if (!ts.isJsxAttribute(node) || !SPOKEN.has(node.name.getText())) return;
      if (node.initializer && ts.isStringLiteral(node.initializer)) add(node.initializer.text);
    });
    return found;
  });
}
