/** Gates over declarations: documented exports, no default exports, no state that lives as long as the module. */
import ts from 'typescript';
import { at, parse, visit } from './source.ts';
import type { Tree } from './source.ts';

/** Fields of records in the memory map may be documented by the comment at the end of their line, as in a table. */
const LAYOUT = 'assembly/abi/layout.ts';
/** The registries by which genuine decisions and requests are recognised at run time. */
const REGISTRY_FOLDERS = /^host\/(policy|messages)\//;

/**
 * Exported names without a doc comment. The comment of a constant covers the lines of constants that follow it without a
 * gap, as in a table; that of a function covers its other overloads. Re-exports are documented where they are declared.
 */
export function undocumented(tree: Tree): string[] {
  let covered: ts.Statement | undefined;
  return declarations(tree, (source, statement) => {
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return undefined;
    const continued = covered !== undefined && continues(source, covered, statement);
    const documented = continued || (isExported(statement) && hasDocComment(source, statement));
    if (documented) covered = statement;
    if (documented || !isExported(statement) || (source.fileName === LAYOUT && documentedInLayout(source, statement))) return undefined;
    return `${at(source, statement)}: ${nameOf(statement)} has no doc comment`;
  });
}

/** Default exports. */
export function defaultExports(tree: Tree): string[] {
  return declarations(tree, (source, statement) => {
    const isDefault = ts.isExportAssignment(statement) || modifiers(statement).includes(ts.SyntaxKind.DefaultKeyword);
    return isDefault ? `${at(source, statement)}: default export` : undefined;
  });
}

/** Module-level state in host/ and firmware/: `let`, `var`, and collections that begin empty. */
export function moduleState(tree: Tree): string[] {
  const product = new Map([...tree].filter(([path]) => /^(host|firmware)\//.test(path) && !path.startsWith('firmware/payload/')));
  return declarations(product, (source, statement) => {
    if (!ts.isVariableStatement(statement)) return undefined;
    const variable = (statement.declarationList.flags & ts.NodeFlags.Const) === 0;
    const stateful = statement.declarationList.declarations.some((each) => beginsEmpty(source, each.initializer));
    return variable || stateful ? `${at(source, statement)}: module-level state ${nameOf(statement)}` : undefined;
  });
}

/** Calls that replace modules in tests. */
export function moduleMocks(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    if (!/^test\/.*\.ts$/.test(path)) continue;
    const source = parse(path, text);
    visit(source, (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      if (node.expression.expression.getText(source) === 'vi' && /^(do)?mock$/i.test(node.expression.name.text))
        found.push(`${at(source, node)}: mocks a module`);
    });
  }
  return found;
}

function declarations(tree: Tree, check: (source: ts.SourceFile, statement: ts.Statement) => string | undefined): string[] {
  return [...tree].flatMap(([path, text]) => {
    const source = parse(path, text);
    return source.statements.flatMap((statement) => check(source, statement) ?? []);
  });
}

function modifiers(statement: ts.Statement): ts.SyntaxKind[] {
  return ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []).map((each) => each.kind) : [];
}

function isExported(statement: ts.Statement): boolean {
  return modifiers(statement).includes(ts.SyntaxKind.ExportKeyword);
}

/** True when a doc comment ends right above the declaration, or above its decorators or a line comment. */
function hasDocComment(source: ts.SourceFile, statement: ts.Statement): boolean {
  const ranges = ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [];
  const last = ranges.filter((range) => source.text.startsWith('/**', range.pos)).at(-1);
  return last !== undefined && !source.text.slice(last.end, statement.getStart(source)).includes('\n\n');
}

function continues(source: ts.SourceFile, covered: ts.Statement, statement: ts.Statement): boolean {
  if (covered.getSourceFile() !== source || source.text.slice(covered.getEnd(), statement.getStart(source)).includes('\n\n')) return false;
  if (ts.isFunctionDeclaration(covered)) return ts.isFunctionDeclaration(statement) && nameOf(covered) === nameOf(statement);
  const lines = source.text.slice(covered.getEnd(), statement.getEnd()).split('\n').length;
  return ts.isVariableStatement(covered) && ts.isVariableStatement(statement) && lines === 2;
}

function documentedInLayout(source: ts.SourceFile, statement: ts.Statement): boolean {
  const end = source.text.indexOf('\n', statement.getEnd());
  return source.text.slice(statement.getEnd(), end).includes('// ') || /_(SIZE|COUNT|LEN)$/.test(nameOf(statement));
}

function beginsEmpty(source: ts.SourceFile, value: ts.Expression | undefined): boolean {
  if (value === undefined || !ts.isNewExpression(value)) return false;
  const kind = value.expression.getText(source);
  if (kind === 'WeakSet' || kind === 'WeakMap') return !REGISTRY_FOLDERS.test(source.fileName);
  return (kind === 'Map' || kind === 'Set') && (value.arguments ?? []).length === 0;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map((each) => each.name.getText()).join(', ');
  const { name } = statement as ts.Statement & { readonly name?: ts.Identifier };
  return name?.text ?? statement.getText().slice(0, 40);
}
