/** docs/requirements.md: requirement → rule → file → tests, for people. Made of the files alone, so that it is the same on every machine. */
import { requirementText } from '../../../host/compose/requirement-texts.ts';
import type { Ground, Named, Requirement } from './ground.ts';
import { grouped } from './ids.ts';
import { summary, trace } from './trace.ts';

const HEAD = `# What became of every requirement?

Made by \`npm run trace -- --page\` from \`seeds/requirements.json\`, \`seeds/dispositions.json\`, the sources and the tests; edit those.
\`npm run trace\` runs the whole suite and says whether all of it is proved: a test that was skipped proves nothing.

Only a text under "Direction" in two letters is a direction, and it names documents that are not held here; every other standing is less. The legal
drafting prevails. A rule named with questions is asked by each of them (\`policy try\`); tests are named as they name themselves, rows of tables
by the file that holds them.
`;

/** The page. */
export function pageOf(ground: Ground): string {
  const proofs = new Map([...ground.tests].map(([id, named]) => [id, named.length]));
  const found = trace(ground, proofs);
  const groups = grouped(ground.requirements.map((each) => [each.id.slice(2, -3), each] as const));
  const sections = [...groups].map(([group, requirements]) =>
    [`## ${group}`, ...requirements.map((each) => entry(ground, each))].join('\n\n'),
  );
  return `${HEAD}\n\`${summary(found)}\`\n\n${sections.join('\n\n')}\n`;
}

function entry(ground: Ground, { id, text, source, paragraph, component }: Requirement): string {
  const lines = [
    `### ${id}`,
    '',
    `${text}`,
    '',
    `- Source ${source}, ${paragraph}; ${requirementText(id)?.standing ?? ''}; component ${component}.`,
    ...placeLines(ground, id),
    ...ruleLines(ground, id),
    ...testLines(ground.tests.get(id) ?? []),
  ];
  return lines.map(plain).join('\n');
}

function placeLines({ dispositions: { data, notSoftware, later } }: Ground, id: string): readonly string[] {
  const asData = data.find(({ ids }) => ids.includes(id));
  const not = notSoftware.find(({ ids }) => ids.includes(id));
  const after = later.find(({ ids }) => ids.includes(id));
  return [
    ...(asData === undefined
      ? []
      : [`- **Data**: \`seeds/registers/${asData.register}.json\`, ${asData.entries.join('; ')}. ${asData.reason}`]),
    ...(not === undefined ? [] : [`- **Not software**: ${not.reason}`]),
    ...(after === undefined ? [] : [`- **Later**, with the ${after.needs}: ${after.reason}`]),
  ];
}

function ruleLines({ rules, sources, decided }: Ground, id: string): readonly string[] {
  const ours = rules.get(id) ?? [];
  const files = (decided.get(id) ?? sources.get(id) ?? []).filter((path) => !ours.some((rule) => rule.path === path));
  return [
    ...ours.map(({ rule, path, questions }) => `- Rule \`${rule}\` in \`${path}\`, asked by ${questions.join(', ')}.`),
    ...(files.length === 0 ? [] : [`- ${ours.length === 0 ? 'In' : 'Also in'} ${files.map((path) => `\`${path}\``).join(', ')}.`]),
  ];
}

function testLines(tests: readonly Named[]): readonly string[] {
  const files = grouped(tests.map((each) => [each.path, each] as const));
  return [...files].map(([path, named]) => {
    const titles = [...new Set(named.map(({ title }) => title.replace(/ ?\[R-[^\]]*\]/g, '').replace(/ +/g, ' ')))];
    return path.startsWith('seeds/')
      ? `- Rows of \`${path}\`: ${titles.length}, such as “${titles[0]}”.`
      : `- Tests in \`${path}\`: “${titles.join('”, “')}”.`;
  });
}

/** Nothing of a title or a text is markup. */
const plain = (line: string): string => (line.startsWith('#') ? line : line.replace(/(?<!\*)\*(?!\*)|[<>]/g, (found) => `\\${found}`));
