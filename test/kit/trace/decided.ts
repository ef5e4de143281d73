/**
 * Where the product does what an id asks: declarations that run. A comment on a type, or on a function that nothing of the product calls, decides
 * nothing, whatever it says.
 */
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { parse, visit, type Tree } from '../gates/source.ts';
import { grouped, idsIn } from './ids.ts';

/** Files by the ids that their living declarations name, in a comment before them or within. */
export function decidedIn(product: Tree): ReadonlyMap<string, readonly string[]> {
  const files = new Map([...product].map(([path, text]) => [path, fileOf(path, text)] as const));
  const pairs = [...files].flatMap(([path, file]) => {
    const linked = (name: string): boolean =>
      [...files.values()].some((other) => other !== file && other.reads.get(path)?.has(name) === true);
    return [...new Set(livingOf(file, linked).flatMap(({ text }) => idsIn(text)))].map((id) => [id, path] as const);
  });
  return grouped(pairs);
}

/** A statement at the top of a file, with the comment before it. */
interface Part {
  readonly text: string;
  /** What it declares; none for a statement that runs as the file is loaded. */
  readonly names: readonly string[];
  readonly exported: boolean;
  /** Every identifier in it. */
  readonly uses: ReadonlySet<string>;
}

interface SourceParts {
  /** The comment at the top of the file. */
  readonly head: string;
  readonly parts: readonly Part[];
  /** Files that it imports, with every identifier that it holds. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The parts that something of the product reaches; the head of the file too, once there is one. */
function livingOf({ head, parts }: SourceParts, linked: (name: string) => boolean): readonly { readonly text: string }[] {
  const living = new Set(parts.filter(({ names, exported }) => names.length === 0 || (exported && names.some(linked))));
  for (let before = -1; before !== living.size;) {
    before = living.size;
    const used = new Set([...living].flatMap(({ uses }) => [...uses]));
    for (const part of parts) if (part.names.some((name) => used.has(name))) living.add(part);
  }
  return living.size === 0 ? [] : [{ text: head }, ...living];
}

function fileOf(path: string, text: string): SourceParts {
  const source = parse(path, text);
  const head = text.slice(0, headOf(source));
  const identifiers = (node: ts.Node): ReadonlySet<string> => {
    const found = new Set<string>();
    visit(node, (each) => void (ts.isIdentifier(each) && found.add(each.text)));
    return found;
  };
  const parts = source.statements
    .filter((each) => !ts.isImportDeclaration(each) && !ts.isInterfaceDeclaration(each) && !ts.isTypeAliasDeclaration(each))
    .map((each): Part => ({
      text: text.slice(Math.max(each.pos, head.length), each.end),
      names: namesOf(each),
      exported: ts.canHaveModifiers(each) && ts.getModifiers(each)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true,
      uses: identifiers(each),
    }));
  const all = identifiers(source);
  const reads = new Map<string, ReadonlySet<string>>();
  visit(source, (each) => {
    if (ts.isStringLiteral(each) && each.text.startsWith('.')) reads.set(join(dirname(path), each.text).replace(/(\.ts)?$/, '.ts'), all);
  });
  return { head, parts, reads };
}

/** Where the comment on the file ends: it stands before imports, or a blank line is behind it. */
function headOf(source: ts.SourceFile): number {
  const { text, statements } = source;
  const start = statements[0]?.getStart(source) ?? text.length;
  if (statements[0] === undefined || ts.isImportDeclaration(statements[0])) return start;
  const before = (ts.getLeadingCommentRanges(text, 0) ?? []).filter(({ end }, i, all) =>
    /\n\s*\n/.test(text.slice(end, all[i + 1]?.pos ?? start)),
  );
  return before.at(-1)?.end ?? 0;
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name)
        ? [name.text]
        : name.elements.flatMap((each) => (ts.isBindingElement(each) && ts.isIdentifier(each.name) ? [each.name.text] : [])),
    );
  }
  const named = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
  return named && statement.name !== undefined ? [statement.name.text] : [];
}
