/** The files that the gates look at, as a map from path to text, so that a test can plant a violation. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Paths relative to the root, with forward slashes, to contents. */
export type Tree = ReadonlyMap<string, string>;

/** The project's root, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Everything that is, or is about to be, tracked. */
export function projectTree(): Tree {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(ROOT + path));
  return new Map(paths.map((path) => [path, readFileSync(ROOT + path, 'utf8')]));
}

/** The TypeScript and AssemblyScript sources of the product: assembly/, host/ and firmware/. */
export function productSources(tree: Tree): Tree {
  return new Map([...tree].filter(([path]) => /^(assembly|host|firmware)\/.*\.ts$/.test(path) && !path.endsWith('.d.ts')));
}

/** A parsed source; comments of declarations are kept. */
export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

/** Visits a node and everything below it. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** `path:line` of a node. */
export function at(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}
