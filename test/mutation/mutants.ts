import * as ts from "typescript";

/** One small change of a source file. */
export interface Mutant {
  /** The number that switches it on. */
  readonly id: number;
  /** From the root of the repository. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
}

/** A source that holds all of its mutants: each is asked for by its number, `__mutant(7)`. */
export interface Instrumented {
  readonly source: string;
  readonly mutants: readonly Mutant[];
}

/** What a mutant writes, and instead of which node. */
interface Change {
  readonly node: ts.Node;
  readonly replacement: string;
  /** Several statements, which a condition can go around but no expression can hold. */
  readonly removesStatements?: boolean;
}

const EQUALITY: Partial<Record<ts.SyntaxKind, readonly string[]>> = {
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ["!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ["==="],
  [ts.SyntaxKind.LessThanToken]: ["<=", ">="],
  [ts.SyntaxKind.LessThanEqualsToken]: ["<", ">"],
  [ts.SyntaxKind.GreaterThanToken]: [">=", "<="],
  [ts.SyntaxKind.GreaterThanEqualsToken]: [">", "<"],
};

const OTHER_OPERATORS: Partial<Record<ts.SyntaxKind, string>> = {
  [ts.SyntaxKind.AmpersandAmpersandToken]: "||",
  [ts.SyntaxKind.BarBarToken]: "&&",
  [ts.SyntaxKind.PlusToken]: "-",
  [ts.SyntaxKind.MinusToken]: "+",
  [ts.SyntaxKind.AsteriskToken]: "/",
  [ts.SyntaxKind.SlashToken]: "*",
  [ts.SyntaxKind.PercentToken]: "*",
  [ts.SyntaxKind.PlusEqualsToken]: "-=",
  [ts.SyntaxKind.MinusEqualsToken]: "+=",
};

/** Methods whose call becomes another one; "" is none: what it was called on stays as it is. */
const METHODS: Readonly<Record<string, string>> = {
  endsWith: "startsWith",
  every: "some",
  filter: "",
  max: "min",
  min: "max",
  reverse: "",
  slice: "",
  some: "every",
  sort: "",
  startsWith: "endsWith",
  toLowerCase: "toUpperCase",
  toReversed: "",
  toSorted: "",
  toUpperCase: "toLowerCase",
  trim: "",
  trimEnd: "",
  trimStart: "",
};

/**
 * Finds the mutants of a source file and writes them into it; they are numbered from `firstId` on.
 */
export function instrument(file: string, text: string, firstId: number): Instrumented {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const mutants: Mutant[] = [];
  /** By the node that the condition goes around: the whole text with each change, by its number. */
  const placed = new Map<ts.Node, Map<string, number>>();

  const visit = (node: ts.Node): void => {
    if (isOfTypesOnly(node)) return;
    for (const change of changesOf(node, source)) {
      const place = change.removesStatements ? change.node : placeOf(change.node);
      if (place === undefined) continue;
      const written = withChange(place, change, source);
      const here = placed.get(place) ?? new Map<string, number>();
      if (here.has(written) || written === place.getText(source)) continue;
      const id = firstId + mutants.length;
      placed.set(place, here.set(written, id));
      mutants.push({
        id,
        file,
        line: source.getLineAndCharacterOfPosition(change.node.getStart(source)).line + 1,
        original: change.node.getText(source),
        replacement: change.replacement,
      });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return { source: write(source, source, placed), mutants };
}

/** The text of a node in which every mutant waits for its number. */
function write(
  node: ts.Node,
  source: ts.SourceFile,
  placed: ReadonlyMap<ts.Node, ReadonlyMap<string, number>>,
): string {
  let text = "";
  let end = node.getStart(source);
  ts.forEachChild(node, (child) => {
    text += source.text.slice(end, child.getStart(source)) + write(child, source, placed);
    end = child.getEnd();
  });
  text += source.text.slice(end, node.getEnd());
  const changes = [...(placed.get(node) ?? [])];
  if (ts.isBlock(node) && changes[0]) return `{ if (!__mutant(${changes[0][1]})) ${text} }`;
  if (changes.length === 0) return text;
  const chosen = changes.map(([written, id]) => `__mutant(${id}) ? (${written}) : `).join("");
  return `(${chosen}(${text}))`;
}

function isOfTypesOnly(node: ts.Node): boolean {
  return (
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

/**
 * The expression that a condition can go around without another meaning: in `a?.b.filter(f).c` it
 * is the whole chain. Undefined where something is written to it, or deleted.
 */
function placeOf(node: ts.Node): ts.Node | undefined {
  let place = node;
  while (isLinkOf(place.parent, place)) place = place.parent;
  const { parent } = place;
  const written =
    (ts.isBinaryExpression(parent) &&
      parent.left === place &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isPostfixUnaryExpression(parent) ||
    ts.isDeleteExpression(parent);
  const negated =
    ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken;
  return written && !negated ? undefined : place;
}

function isLinkOf(chain: ts.Node, node: ts.Node): boolean {
  return (
    (ts.isPropertyAccessExpression(chain) ||
      ts.isElementAccessExpression(chain) ||
      ts.isCallExpression(chain) ||
      ts.isNonNullExpression(chain)) &&
    chain.expression === node
  );
}

function withChange(place: ts.Node, { node, replacement }: Change, source: ts.SourceFile): string {
  const before = source.text.slice(place.getStart(source), node.getStart(source));
  return before + replacement + source.text.slice(node.getEnd(), place.getEnd());
}

/** What may be written instead of a node. */
function changesOf(node: ts.Node, source: ts.SourceFile): readonly Change[] {
  const text = (of: ts.Node): string => of.getText(source);
  const to = (...replacements: string[]): Change[] =>
    replacements.map((replacement) => ({ node, replacement }));
  const changes = isCondition(node) ? to("true", "false") : [];

  if (isResult(node) && text(node) !== "undefined") changes.push(...to("undefined"));
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    const others = operatorsFor(node);
    const isNullish = operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
    // `??` stands beside `&&` in parentheses only.
    if (isNullish) changes.push(...to(`((${text(left)}) && (${text(right)}))`));
    changes.push(...to(...others.map((other) => `${text(left)} ${other} ${text(right)}`)));
    if (EQUALITY[operatorToken.kind] !== undefined) changes.push(...to("true", "false"));
  } else if (ts.isPrefixUnaryExpression(node)) {
    const operand = text(node.operand);
    if (node.operator === ts.SyntaxKind.ExclamationToken) changes.push(...to(operand));
    if (node.operator === ts.SyntaxKind.MinusToken) changes.push(...to(`+${operand}`));
    if (node.operator === ts.SyntaxKind.PlusPlusToken) changes.push(...to(`--${operand}`));
  } else if (ts.isPostfixUnaryExpression(node)) {
    const isUp = node.operator === ts.SyntaxKind.PlusPlusToken;
    changes.push(...to(text(node.operand) + (isUp ? "--" : "++")));
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) changes.push(...to("false"));
  else if (node.kind === ts.SyntaxKind.FalseKeyword) changes.push(...to("true"));
  else if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isPattern(node))
    changes.push(...to("[]"));
  else if (ts.isObjectLiteralExpression(node) && node.properties.length > 0 && !isPattern(node))
    changes.push(...to("{}"));
  else if (ts.isRegularExpressionLiteral(node)) changes.push(...to(...withoutAnchors(text(node))));
  else if (ts.isBlock(node) && node.statements.length > 0 && !callsSuper(node))
    changes.push({ node, replacement: "{}", removesStatements: true });
  else if (ts.isCallExpression(node)) changes.push(...to(...otherCalls(node, source)));
  const asked = (node as Partial<ts.PropertyAccessExpression>).questionDotToken;
  if (asked !== undefined && ts.isExpression(node)) {
    const dot = ts.isPropertyAccessExpression(node) ? "." : "";
    const before = source.text.slice(node.getStart(source), asked.getStart(source));
    changes.push(...to(before + dot + source.text.slice(asked.getEnd(), node.getEnd())));
  }
  return changes;
}

/** Whether the node decides which way the program goes; loops that would never end are left out. */
function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ((ts.isIfStatement(parent) || ts.isWhileStatement(parent)) && parent.expression === node) ||
    ((ts.isConditionalExpression(parent) || ts.isForStatement(parent)) && parent.condition === node)
  );
}

/** Whether the node is what a function returns. */
function isResult(node: ts.Node): boolean {
  const { parent } = node;
  return (
    (ts.isReturnStatement(parent) && parent.expression === node) ||
    (ts.isArrowFunction(parent) && parent.body === node && !ts.isBlock(node))
  );
}

function operatorsFor({ left, operatorToken, right }: ts.BinaryExpression): readonly string[] {
  const { kind } = operatorToken;
  const isText = [left, right].some(holdsText);
  const other = isText && kind === ts.SyntaxKind.PlusToken ? undefined : OTHER_OPERATORS[kind];
  return EQUALITY[kind] ?? (other === undefined ? [] : [other]);
}

/** Text that is put together, not numbers that are added. */
function holdsText(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateExpression(node) ||
    (ts.isParenthesizedExpression(node) && holdsText(node.expression)) ||
    (ts.isBinaryExpression(node) && (holdsText(node.left) || holdsText(node.right)))
  );
}

/** Whether a literal is what values are taken apart into: `[a, b] = …`. */
function isPattern({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

function withoutAnchors(regex: string): readonly string[] {
  const end = regex.lastIndexOf("/");
  const [body, flags] = [regex.slice(1, end), regex.slice(end)];
  return [
    ...(/^\^./.test(body) ? [`/${body.slice(1)}${flags}`] : []),
    ...(/[^\\]\$$/.test(body) ? [`/${body.slice(0, -1)}${flags}`] : []),
  ];
}

function callsSuper(block: ts.Block): boolean {
  return block.statements.some(
    (statement) =>
      ts.isExpressionStatement(statement) &&
      ts.isCallExpression(statement.expression) &&
      statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword,
  );
}

function otherCalls(
  { expression, arguments: given }: ts.CallExpression,
  source: ts.SourceFile,
): string[] {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const other = Object.hasOwn(METHODS, expression.name.text)
    ? METHODS[expression.name.text]
    : undefined;
  if (other === undefined) return [];
  const on = expression.expression.getText(source);
  if (other === "") return [on];
  const dot = expression.questionDotToken === undefined ? "." : "?.";
  return [`${on}${dot}${other}(${given.map((argument) => argument.getText(source)).join(", ")})`];
}
