/**
 * A recorded decision for a person: what was asked, what every rule said, on which facts, texts and registers, when it could have come out otherwise, and which
 * requirements stand behind it with the standing of each. The rules are asked once more on the recorded facts: what is shown is what they say.
 */
import type { Answer, Boundary } from '../model/decision.ts';
import { ok, refuse, type Result } from '../model/fault.ts';
import type { RegisterReference } from '../model/register.ts';
import type { TextId } from '../model/regulation.ts';
import type { Say } from '../policy/answer.ts';
import { factsText } from '../policy/facts-text.ts';
import { ask, weighed, type Asked, type Question } from '../policy/questions.ts';
import { attemptLines, trafficLines } from '../policy/traffic-facts.ts';
import { day, instant } from '../model/calendar.ts';
import { factsOfJson } from './facts-shape.ts';
import { CAVEAT, requirementLine, restsOn } from './requirement-texts.ts';

/** What is explained. */
export interface Explanation {
  readonly question: Question;
  readonly answer: Answer;
  readonly says: readonly Say[];
  /** The facts as lines where the question is about a signed order, counted traffic or failed attempts; none otherwise. */
  readonly facts: readonly string[];
  /** The nearest instants before and after at which the answer may be another. */
  readonly before: Boundary | undefined;
  readonly after: Boundary | undefined;
}

/** Asks a question on facts given as JSON. Refuses what `factsOfJson` refuses. */
export function explain(question: Question, facts: unknown): Result<Explanation> {
  const read = factsOfJson(question, facts);
  if (!read.ok) return refuse(read.code, read.code === 'no-such-question' ? read.detail : `facts of ${question}: ${read.detail}`);
  const { now } = read.value;
  const answer = ask(question, read.value);
  return ok({
    question,
    answer,
    says: weighed(question, read.value),
    facts: factLines(question, read.value),
    before: answer.boundaries.findLast(({ at }) => at <= now),
    after: answer.boundaries.find(({ at }) => at > now),
  });
}

/** An explanation as lines. */
export function explanationLines({ answer, says, facts, before, after, question }: Explanation): readonly string[] {
  const refused = answer.verdict === 'refuse';
  const asked = refused ? says.filter(({ objection }) => objection !== undefined) : [];
  return [
    refused ? `refused: ${answer.code}: ${answer.detail}` : `allowed: no rule of ${question} objects`,
    `response ${answer.response}${refused && answer.family !== undefined ? `, by a rule from ${answer.family}` : ''}`,
    'rules',
    ...says.map(sayLine),
    ...(facts.length === 0 ? [] : ['facts', ...facts.map((fact) => `  ${fact}`)]),
    'texts in force',
    ...textLines(answer.documents),
    'it can change at',
    `  ${boundaryLine('before', before)}`,
    `  ${boundaryLine('after', after)}`,
    'requirements',
    ...[...new Set(refused ? asked.flatMap(({ objection }) => objection?.requirements ?? []) : answer.requirements)].map(
      (id) => `  ${requirementLine(id)}`,
    ),
    CAVEAT,
  ];
}

/** A rule with what it rests on, or its objection with what that rests on: each requirement with its standing. */
function sayLine({ rule, requirements, inference, objection }: Say): string {
  const inferred = inference === undefined ? '' : `; inferred: ${inference}`;
  if (objection === undefined) return `  passes  ${rule} [${restsOn(requirements)}${inferred}]`;
  return `  objects ${rule}: ${objection.code}: ${objection.detail} [${restsOn(objection.requirements)}${inferred}]`;
}

/** The registers of a record as lines. */
export const registerLines = (registers: readonly RegisterReference[]): readonly string[] =>
  registers.map(({ kind, version, digest }) => `  ${kind} version ${version}, SHA-256 ${digest}`);

/** Texts in force as lines. */
export const textLines = (texts: readonly TextId[]): readonly string[] =>
  texts.length === 0
    ? ['  none known']
    : texts.map(({ document, version, effectiveFrom }) => `  ${document} ${version} as of ${day(effectiveFrom)}`);

const boundaryLine = (which: string, boundary: Boundary | undefined): string =>
  boundary === undefined ? `${which}: no instant among the facts` : `${which}: ${instant(boundary.at)} (${boundary.what})`;

function factLines(question: Question, facts: Asked[Question]): readonly string[] {
  if (isOrder(question, facts)) return factsText(facts);
  if (question === 'traffic') return trafficLines(facts as Asked['traffic']);
  return question === 'access' ? attemptLines(facts as Asked['access']) : [];
}

const isOrder = (question: Question, facts: Asked[Question]): facts is Asked['upgrade'] =>
  ['upgrade', 'cancel', 'intake', 'intake-cancel'].includes(question) && 'requestId' in facts;
