/**
 * Who makes what: `Allowed` is built in host/policy alone, `UserSigned` and `Countersigned` in host/messages alone. Both are
 * recognised at run time by private registries; this gate keeps anybody from writing the shape elsewhere. And purity:
 * model and policy ask no clock, no chance and no machine.
 */
import ts from 'typescript';
import { at, parse, visit } from './source.ts';
import type { Tree } from './source.ts';

const MAKERS: Readonly<Record<string, string>> = { Allowed: 'host/policy/', UserSigned: 'host/messages/', Countersigned: 'host/messages/' };
const IMPURE = new Set([
  'Date',
  'performance',
  'process',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'crypto',
  'globalThis',
]);

/** Object literals of the guarded shapes, and assertions to the guarded types, outside their maker's folder. */
export function foreignMakers(tree: Tree): string[] {
  return over(tree, /^(host|firmware)\//, (source, node) => {
    const type = ts.isAsExpression(node) || ts.isTypeAssertionExpression(node) ? assertedType(source, node.type) : shapeOf(node);
    const folder = type === undefined ? undefined : MAKERS[type];
    return folder === undefined || source.fileName.startsWith(folder) ? undefined : `${at(source, node)}: makes ${type} outside ${folder}`;
  });
}

/** Uses of time, chance, the machine or promises in host/model and host/policy. */
export function impurities(tree: Tree): string[] {
  return over(tree, /^host\/(model|policy)\//, (source, node) => {
    const name = ts.isIdentifier(node) && !isMemberName(node) ? node.text : '';
    const random = ts.isPropertyAccessExpression(node) && node.getText(source) === 'Math.random';
    const waits = node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node);
    return IMPURE.has(name) || random || waits ? `${at(source, node)}: ${node.getText(source)} in a pure folder` : undefined;
  });
}

function over(tree: Tree, where: RegExp, check: (source: ts.SourceFile, node: ts.Node) => string | undefined): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    if (!where.test(path)) continue;
    const source = parse(path, text);
    visit(source, (node) => {
      const violation = check(source, node);
      if (violation !== undefined) found.push(violation);
    });
  }
  return found;
}

function assertedType(source: ts.SourceFile, type: ts.TypeNode): string | undefined {
  return ts.isTypeReferenceNode(type) ? type.typeName.getText(source) : undefined;
}

function shapeOf(node: ts.Node): string | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const names = new Set(node.properties.map((each) => (ts.isSpreadAssignment(each) ? '...' : each.name?.getText())));
  if (names.has('verdict') && names.has('countersigned')) return 'Allowed';
  if (names.has('countersigners') && (names.has('...') || (names.has('request') && names.has('bytes')))) return 'Countersigned';
  return names.has('request') && names.has('user') && names.has('bytes') ? 'UserSigned' : undefined;
}

/** True for `x.Date`, for a property called `process`, and for `Date.UTC`, which asks no clock. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node || parent.getText() === 'Date.UTC';
  return (ts.isPropertySignature(parent) || ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) && parent.name === node;
}
