import { countWords, findDialect } from '../../scripts/lib/dialect.mjs';

const hits = (file: string, source: string) =>
  findDialect(file, source).map(({ line, phrase }) => `${line} ${phrase}`);

describe('the word check', () => {
  it('finds phrases in comments and messages, also across lines', () => {
    const source = [
      '// Asks whoever',
      "it('is done for good', () => {});",
      '/**',
      ' * It runs once',
      ' * more, and is no file.',
      ' */',
      'const text = `nobody is ${name}, once more`;',
    ].join('\n');
    expect(hits('a.ts', source)).toEqual([
      '1 whoever',
      '2 for good',
      '4 once more',
      '5 is no file',
      '7 nobody',
      '7 once more',
    ]);
  });

  it('leaves names, values, plain words and regular expressions alone', () => {
    const source = [
      "const nobody = 'nobody';",
      'const found = /whoever "anew/.test(text); // forgood',
      '// There is no limit, and no longer one.',
      "import { x } from './for good.js';",
    ].join('\n');
    expect(hits('a.ts', source)).toEqual([]);
  });

  it('reads the text of elements, and what looks like a comment in it', () => {
    expect(hits('a.tsx', 'const page = <p>It is // gone for good</p>;')).toEqual(['1 for good']);
  });

  it('reads Lua', () => {
    const source = "-- Refused to\n-- whoever asks\nreturn redis.error_reply('made anew -- here')\n";
    expect(hits('a.lua', source)).toEqual(['2 whoever', '3 anew']);
  });

  it('reads the texts of the web app, not their keys', () => {
    const source = '{\n  "nobody": "Open to all",\n  "lost": { "text": "Say \\"nobody\\" again" }\n}';
    expect(hits('a.json', source)).toEqual(['3 nobody']);
  });

  it('counts the words of comments only', () => {
    expect(countWords('a.ts', "/** Two words. */\nconst a = 'not these'; // three more words\n")).toBe(5);
  });
});
