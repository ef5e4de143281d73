/** What the pages say holds: calls exist with their options, topics are those of the code, paths and links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { gatewayWill } from '../host/bridge/bridge.ts';
import * as topics from '../host/bridge/topics.ts';
import type { Register, Verb } from '../host/cli/program.ts';
import { gatewaySchema, parseConfig } from '../host/compose/config.ts';
import { ProgressMeter } from '../host/gateway/progress.ts';
import { digest, eui64, type JobId } from '../host/model/ids.ts';
import { VERSION } from '../host/model/version.ts';
import type { IntakeAnswer } from '../host/s1sp/s1sp.ts';
import { ManualClock } from './kit/clock.ts';
import { call } from './cli/terminal.ts';
import { blocks, namedPaths, pages, shownCalls, type Page } from './kit/documents.ts';
import { ROOT } from './kit/gates/source.ts';

const all = pages();
const page = (path: string): Page => all.find((each) => each.path === path) ?? { path, text: '' };

describe('calls that pages show', () => {
  const calls = all.filter(({ path }) => path !== 'CHANGELOG.md').flatMap(shownCalls);
  let registers: readonly Register[] = [];
  const verbs: string[][] = [];

  beforeAll(async () => {
    const files = readdirSync(`${ROOT}host/cli`).filter((name) =>
      /export function register\(/.test(readFileSync(`${ROOT}host/cli/${name}`, 'utf8')),
    );
    const modules = (await Promise.all(files.map((name) => import(`../host/cli/${name}`)))) as { readonly register: Register }[];
    registers = modules.map(({ register }) => register);
    const add = (verb: Verb): void => void verbs.push(verb.call.split(' '));
    for (const register of registers) register({ add });
  });

  const namesOf = (verb: readonly string[]): readonly string[] => verb.filter((word) => !/^[<[]/.test(word));
  const verbOf = (words: readonly string[]): string[] | undefined =>
    verbs.find((verb) => namesOf(verb).every((name, i) => words[i] === name));

  /** What is wrong with a call, or nothing. */
  async function wrong(words: readonly string[], inText = false): Promise<string[]> {
    if (words.length === 1 && ['--help', '--version'].includes(words[0] ?? '')) return [];
    const verb = verbOf(words);
    if (verb === undefined) return [`no such verb: ${words.join(' ')}`];
    if (inText && words.length === namesOf(verb).length) return [];
    const { out } = await call(registers, [...namesOf(verb), '--help']);
    const found: string[] = [];
    let given = 0;
    for (let rest = words.slice(namesOf(verb).length); rest.length > 0;) {
      const [word = '', ...after] = rest;
      const option = new RegExp(`^ +(?:--?[\\w-]+, )?${word}( <[^>]+>)?(?: |$)`, 'm').exec(out);
      const isOption = word.startsWith('-') && word !== '-'; // a lone dash is an argument
      if (isOption && option === null) found.push(`${namesOf(verb).join(' ')} has no ${word}`);
      if (!isOption) given++;
      rest = option?.[1] === undefined ? after : after.slice(1);
    }
    const wanted = verb.length - namesOf(verb).length;
    if (given !== wanted) found.push(`${namesOf(verb).join(' ')} takes ${wanted} argument(s), not ${given}`);
    return found;
  }

  test('exist, with these options and arguments', async () => {
    const found: string[] = [];
    for (const { page: path, text, words, inText } of calls)
      for (const what of await wrong(words, inText)) found.push(`${path}: ${text}: ${what}`);
    expect(found).toEqual([]);
    expect(calls.length).toBeGreaterThan(20);
  });
  test('name every verb at least once', () => {
    const shown = new Set(calls.map(({ words }) => namesOf(verbOf(words) ?? []).join(' ')));
    expect(verbs.map((verb) => namesOf(verb).join(' ')).filter((name) => !shown.has(name))).toEqual([]);
  });
  test.each([
    ['demo --fast', 'demo has no --fast'],
    ['image build a.bin b.bin', 'image build takes 1 argument(s), not 2'],
    ['image verify', 'image verify takes 1 argument(s), not 0'],
    ['image burn x', 'no such verb: image burn x'],
  ])('are found out when wrong: %s', async (text, what) => expect(await wrong(text.split(' '))).toEqual([what]));
});

describe('topics', () => {
  const [gateway, user] = [eui64('0200000000000201'), eui64('0200000000000103')];
  const image = digest(new Uint8Array(32).fill(0xab));
  const shard = String(topics.shardOf(gateway)).padStart(4, '0');
  const { registers: _filter, register, ...plain } = topics.gatewayTopics(gateway);
  const expected = [
    ...Object.values(plain),
    register('{kind}'),
    topics.imageBlockTopic(image, 7),
    topics.intakeTopic(user),
    topics.intakeReplyTopic(user),
  ].map((topic) =>
    topic
      .replace(shard, '{shard}')
      .replace(gateway, '{gateway}')
      .replace(user, '{user}')
      .replace(image, '{digest}')
      .replace(/\/7$/, '/{index}'),
  );

  const api = parse(readFileSync(`${ROOT}docs/asyncapi.yaml`, 'utf8')) as Api;
  const rows = [...page('docs/messages.md').text.matchAll(/^\| `(hearthgate\/[^`]+)` +\|[^|]+\| (\d) +\| (yes|no) +\|/gm)];

  test('are made by nothing else in topics.ts', () => {
    expect(Object.keys(topics).toSorted()).toEqual([
      'IMAGE_BLOCK',
      'INTAKE',
      'SHARDS',
      'allGateways',
      'gatewayOf',
      'gatewayTopics',
      'imageBlockOf',
      'imageBlockTopic',
      'imageTopics',
      'intakeReplyTopic',
      'intakeTopic',
      'shardOf',
    ]);
  });
  test('stand in docs/messages.md, all of them and no other', () =>
    expect(rows.map(([, topic]) => topic).toSorted()).toEqual(expected.toSorted()));
  test('stand in docs/asyncapi.yaml, all of them and no other', () => {
    expect(
      Object.values(api.channels)
        .map(({ address }) => address)
        .toSorted(),
    ).toEqual(expected.toSorted());
  });
  test('have the same QoS and retention in both', () => {
    const operations = Object.values(api.operations).map(({ channel, bindings: { mqtt } }) => {
      const { address } = at(channel.$ref) as Channel;
      return `${address} ${mqtt.qos} ${mqtt.retain ? 'yes' : 'no'}`;
    });
    expect(operations.toSorted()).toEqual(rows.map(([, topic, qos, retained]) => `${topic} ${qos} ${retained}`).toSorted());
  });
  test('have their parameters described, and every reference leads somewhere', () => {
    for (const { address, parameters } of Object.values(api.channels)) {
      expect(Object.keys(parameters)).toEqual([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
    const references = [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
  });
  test('carry payloads of the described form: state, progress, answer, image block', () => {
    const schema = (name: string): Schema => (at(`#/components/messages/${name}/payload`) ?? {}) as Schema;
    expect(schema('state').enum).toContain(new TextDecoder().decode(gatewayWill(gateway).payload));
    const meter = new ProgressMeter(new ManualClock(), '0011223344556677' as JobId, gateway, 100, 0);
    expect(keysOf(meter.served(0, 56, false))).toEqual(keysOf(schema('progress').properties));
    const answer = { requestDigest: image, requestId: '', verdict: 'refused', code: '', detail: '', requirements: [] } satisfies Record<
      keyof IntakeAnswer,
      unknown
    >;
    expect(keysOf(answer)).toEqual(keysOf(schema('intakeAnswer').properties));
    expect(schema('imageBlock').maxLength).toBe(topics.IMAGE_BLOCK);
  });
  test('are described for this version', () => expect(api.info.version).toBe(VERSION));

  /** What a reference within the document leads to. */
  function at(reference: string): unknown {
    return reference
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], api);
  }
});

describe('configurations that pages show', () => {
  test.each(blocks(page('docs/operate.md'), 'yaml').map((text, i) => [i + 1, text] as const))('are taken: %i', (_, text) => {
    expect(parseConfig(gatewaySchema, 'docs/operate.md', text).environment).toBe('lab');
  });
});

describe('pages', () => {
  test.each(all.map(({ path }) => path))('%s names paths and links that are there', (path) => {
    expect(namedPaths(page(path)).filter((each) => !existsSync(`${ROOT}${each}`))).toEqual([]);
  });
  test('begin with a README that one reads at once', () => expect(page('README.md').text.split('\n').length).toBeLessThan(100));
  test('have an entry of this version in the changelog', () => expect(page('CHANGELOG.md').text).toContain(`\n## ${VERSION}\n`));
});

interface Channel {
  readonly address: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface Schema {
  readonly enum?: readonly string[];
  readonly properties?: object;
  readonly maxLength?: number;
}

interface Api {
  readonly info: { readonly version: string };
  readonly channels: Readonly<Record<string, Channel>>;
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly channel: { readonly $ref: string };
        readonly bindings: { readonly mqtt: { readonly qos: number; readonly retain: boolean } };
      }
    >
  >;
}

const keysOf = (value: object | undefined): readonly string[] => Object.keys(value ?? {}).toSorted();
