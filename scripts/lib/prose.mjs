import ts from 'typescript';

/**
 * Comments and string messages of a source file, each with its position and raw text.
 * TypeScript's parser reads .ts, .tsx, .mts and .mjs, so that no regular expression or template is misread.
 */
export function readProse(file, source) {
  return readerOf(file)(source).sort((left, right) => left.start - right.start);
}

function readerOf(file) {
  if (file.endsWith('.lua')) return readLua;
  return file.endsWith('.json') ? readTexts : (source) => readTypeScript(file, source);
}

/** Texts of the web app: the values of a JSON file, not its keys. */
function readTexts(source) {
  return [...source.matchAll(/: ("(?:[^"\\]|\\.)*")/g)].map(({ index, 1: text }) =>
    prose('message', source, index + 2, index + 2 + text.length),
  );
}

/** Line of a position, from 1. */
export function lineAt(source, position) {
  return source.slice(0, position).split('\n').length;
}

function readTypeScript(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, scriptKind(file));
  const comments = new Map();
  const messages = [];
  const visit = (node) => {
    const isJsxText = node.kind === ts.SyntaxKind.JsxText;
    if (isMessage(node)) {
      messages.push(prose('message', source, node.getStart(tree), node.end));
    }
    const children = node.getChildren(tree);
    if (children.length === 0 && !isJsxText) {
      for (const range of [
        ...(ts.getLeadingCommentRanges(source, node.pos) ?? []),
        ...(ts.getTrailingCommentRanges(source, node.pos) ?? []),
      ]) {
        // JSX text is not trivia: only comments before the token itself count.
        if (range.end <= node.getStart(tree)) {
          comments.set(range.pos, prose('comment', source, range.pos, range.end));
        }
      }
    }
    for (const child of children) {
      visit(child);
    }
  };
  visit(tree);
  return [...comments.values(), ...messages];
}

function scriptKind(file) {
  return file.endsWith('.tsx')
    ? ts.ScriptKind.TSX
    : file.endsWith('.mjs')
      ? ts.ScriptKind.JS
      : ts.ScriptKind.TS;
}

function isMessage(node) {
  return (
    (ts.isStringLiteral(node) && !isModuleName(node)) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    (ts.isJsxText(node) && node.text.trim() !== '')
  );
}

function isModuleName({ parent }) {
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent);
}

/** Lua has no regular expressions: strings and comments are told apart by their first characters. */
function readLua(source) {
  const tokens = /--\[\[[^]*?\]\]|--[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g;
  return [...source.matchAll(tokens)].map(({ 0: text, index }) =>
    prose(text.startsWith('--') ? 'comment' : 'message', source, index, index + text.length),
  );
}

function prose(kind, source, start, end) {
  return { kind, start, end, text: source.slice(start, end) };
}
