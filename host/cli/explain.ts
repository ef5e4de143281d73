/** `explain`: a recorded decision for a person. */
import type { Explanation } from '../compose/explanation.ts';
import { Fault } from '../model/fault.ts';
import type { RegisterReference } from '../model/register.ts';
import type { TextId } from '../model/regulation.ts';
import type { Question } from '../policy/questions.ts';
import type { AuditEntry } from '../stores/audit-record.ts';
import { where, withAudit } from './audit-store.ts';
import { IMAGE, MESSAGE } from '../stores/decision-record.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import type { Options, Program } from './program.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'explain <decision>',
    summary: 'Explains a recorded decision: every rule, the facts, texts and registers behind it, and how binding each requirement is.',
    examples: ['hearthgate explain 5f1c09e2a7b3d480 --config gateway.yaml', 'hearthgate explain 5f1c09e2a7b3d480 --data ./data --json'],
    options: where,
    action: explainRecord,
  });
}

async function explainRecord(io: Io, options: Options, id = ''): Promise<ExitCode> {
  if (!/^[0-9a-f]{16}$/.test(id)) throw new Fault('config', `${id} is not the id of a record: 16 hex digits, as audit show has them`);
  const entry = await withAudit(options, (audit) => audit.find(id));
  if (entry === undefined) throw new Fault('input', `there is no record ${id}`);
  const { body } = entry;
  if (typeof body['question'] !== 'string' || [MESSAGE, IMAGE].includes(body['question'])) return message(io, options, entry);
  const { explain, explanationLines, registerLines } = await import('../compose/explanation.ts');
  const explained = explain(body['question'] as Question, body['facts']);
  if (!explained.ok) throw new Fault('input', `record ${id}: ${explained.detail}`);
  const registers = (body['registers'] ?? []) as readonly RegisterReference[];
  const explanation = underTexts(explained.value, body['documents']);
  if (options.json) io.out(JSON.stringify({ id, time: entry.time, type: entry.type, ...explanation, registers }));
  else {
    io.out(heading(entry));
    for (const line of explanationLines(explanation)) io.out(line);
    io.out('registers that it rests on');
    for (const line of registerLines(registers)) io.out(line);
  }
  return EXIT.done;
}

/** An explanation under the texts of its record, where the facts hold none: counted traffic and failed attempts. */
const underTexts = (explanation: Explanation, recorded: unknown): Explanation =>
  explanation.answer.documents.length === 0 && Array.isArray(recorded)
    ? { ...explanation, answer: { ...explanation.answer, documents: recorded as readonly TextId[] } }
    : explanation;

/** A record of another kind, or of a message that was refused before any rule was asked or for its image. */
async function message(io: Io, options: Options, entry: AuditEntry): Promise<ExitCode> {
  const [{ CAVEAT, requirementLine }, { messageFactLines }, { registerLines, textLines }] = await Promise.all([
    import('../compose/requirement-texts.ts'),
    import('../compose/replay.ts'),
    import('../compose/explanation.ts'),
  ]);
  const { body } = entry;
  const requirements = (body['requirements'] ?? []) as readonly string[];
  if (options.json) io.out(JSON.stringify(entry));
  else {
    io.out(heading(entry));
    if (typeof body['code'] === 'string') io.out(`refused: ${body['code']}: ${String(body['detail'] ?? '')}`);
    else io.out(JSON.stringify(body));
    if (body['question'] === IMAGE) io.out('by the check of the image that came with the request; no rule objected to the request itself');
    else if (typeof body['rule'] === 'string') io.out(`by the check ${body['rule']} of the message, before any rule was asked`);
    for (const line of messageFactLines(body)) io.out(`  ${line}`);
    if (Array.isArray(body['documents'])) for (const line of ['texts in force', ...textLines(body['documents'])]) io.out(line);
    if (Array.isArray(body['registers'])) for (const line of ['registers', ...registerLines(body['registers'])]) io.out(line);
    for (const requirement of requirements) io.out(`  ${requirementLine(requirement)}`);
    if (requirements.length > 0) io.out(CAVEAT);
  }
  return EXIT.done;
}

const heading = ({ id, index, time, type, body }: AuditEntry): string =>
  `${type} ${id} (record ${index}) of ${new Date(time).toISOString()}${typeof body['moment'] === 'string' ? `, at ${body['moment']}` : ''}`;
