/** The project's pages as tests read them: code blocks, calls of the command line, paths and links. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { ROOT } from './gates/source.ts';

/** A page. */
export interface Page {
  /** From the root. */
  readonly path: string;
  readonly text: string;
}

/** A call of the command line that a page shows. */
export interface Shown {
  readonly page: string;
  readonly text: string;
  /** Words behind the program's name, quotes taken off. */
  readonly words: readonly string[];
  /** It stands in running text, where a verb may be named without its arguments. */
  readonly inText: boolean;
}

/** Every page in Markdown, those of the root and of docs/. */
export function pages(): readonly Page[] {
  const names = (folder: string): string[] => readdirSync(`${ROOT}${folder}`).filter((name) => name.endsWith('.md'));
  const paths = [...names('.'), ...names('docs').map((name) => `docs/${name}`)];
  return paths.map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }));
}

/** The contents of the fenced blocks of one language. */
export const blocks = ({ text }: Page, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter(([, found]) => found === language).map(([, , body = '']) => body);

/** Every call of `hearthgate`, or of a built program by its path, in shell blocks, unit files and code spans. */
export function shownCalls(page: Page): readonly Shown[] {
  const inBlocks = ['sh', 'ini']
    .flatMap((language) => blocks(page, language))
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
  const prose = page.text.replace(/^```[\s\S]*?^```$/gm, '');
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span).filter((span) => /^(node \S*)?hearthgate /.test(span));
  return [...inBlocks, ...spans].flatMap((line) => {
    const [, call] = /(?:^|[ /])(?:hearthgate|(?:hearthgate|gateway)\.mjs) +(?!is\b)([^#|&>]+)/.exec(line) ?? [];
    return call === undefined || line.startsWith('#')
      ? []
      : [{ page: page.path, text: line.trim(), words: wordsOf(call), inText: spans.includes(line) }];
  });
}

/** Paths of the project that a page names in code spans, and targets of its links, both from the root. */
export function namedPaths({ path, text }: Page): readonly string[] {
  const spans = [...text.matchAll(/`((?:assembly|host|firmware|test|seeds|docs|\.ci)\/[\w./{},*-]*)`/g)].map(([, span = '']) => span);
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => posix.join(posix.dirname(path), target));
  return [...spans.filter((span) => !/[{*]/.test(span)), ...links];
}

/** Words of a shell line; optional parts lose their brackets. */
function wordsOf(call: string): readonly string[] {
  return (call.replace(/[[\]]/g, '').match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
}
