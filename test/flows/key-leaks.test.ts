/**
 * No key gets out: everything that the demonstration emits is searched for every key that it used, as is everything that the gateway of
 * a lab logs, publishes, stores and prints. One event of the demonstration names keys when it is asked to; nothing else does.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Seeded } from '../../firmware/air/seeded.ts';
import { pcapRecord } from '../../host/capture/writer.ts';
import { startBroker } from '../../host/adapters/broker-embedded.ts';
import { MqttBroker } from '../../host/adapters/broker-mqtt.ts';
import { SystemEntropy } from '../../host/adapters/system.ts';
import { StoryText } from '../../host/cli/story-text.ts';
import { runDemo } from '../../host/compose/demo.ts';
import { equipHome } from '../../host/compose/home.ts';
import type { StoryEvent } from '../../host/compose/story.ts';
import { unhex } from '../../host/model/ids.ts';
import type { Entropy } from '../../host/ports/entropy.ts';
import { silent, type Log, type LogFields } from '../../host/ports/log.ts';
import { findKeys } from '../kit/key-search.ts';
import { Hearthgate } from '../kit/world-process.ts';

const SEED = 1;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hearthgate-leaks-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What devices and hub leave the factory with in a demonstration: install codes with and without CRC, private keys. */
async function factoryKeys(): Promise<Map<string, Uint8Array>> {
  const { installCodes, certificates } = await equipHome(new Seeded(SEED));
  return new Map([
    ...[...installCodes].map(([device, code]): [string, Uint8Array] => [`install code of ${device}`, code.slice(0, -2)]),
    ...[...certificates].flatMap(([subject, held]) =>
      held.map(({ suite, privateKey }): [string, Uint8Array] => [`private key ${suite} of ${subject}`, privateKey]),
    ),
  ]);
}

const told = (keys: readonly string[]): [string, Uint8Array][] => keys.map((key, at) => [`key ${at} of the air`, unhex(key)]);

/** Every file below a folder, by its name. */
const filesBelow = (path: string): readonly (readonly [string, Buffer])[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile())
    .map((name) => [name, readFileSync(join(path, name))] as const);

describe('the demonstration as a process, with a broker in the field', () => {
  test('prints, publishes, captures and stores no key, but in the one event that is for it', { timeout: 120_000 }, async () => {
    const broker = await startBroker();
    const published: Buffer[] = [];
    const listener = new MqttBroker({ url: broker.url, clientId: 'listener' }, { entropy: new SystemEntropy(), log: silent });
    const [temporary, stores, capture] = ['tmp', 'stores', 'air.pcap'].map((name) => join(folder, name)) as [string, string, string];
    cpSync(mkdtempSync(join(folder, 'empty-')), temporary, { recursive: true });
    try {
      listener.onMessage(({ topic, payload }) => void published.push(Buffer.from(topic), Buffer.from(payload)));
      await listener.subscribe('hearthgate/#');
      const argv = ['demo', '--json', '--seed', String(SEED), '--broker', broker.url, '--pcap', capture];
      const demo = new Hearthgate(argv, { TMPDIR: temporary });
      await demo.says('"other-manufacturer"'); // the last refusal: everything has been done, and the stores are still there
      cpSync(temporary, stores, { recursive: true });
      expect(await demo.code()).toBe(0);
      const event = demo.json.find((each) => each['event'] === 'keys')!;
      const keys = new Map([...(await factoryKeys()), ...told(event['keys'] as string[])]);
      expect(keys.size).toBe(2 + 5 + 6);
      const lines = demo.out.split('\n');
      const rest = lines.filter((line) => !line.startsWith('{"event":"keys"'));
      expect(rest).toHaveLength(lines.length - 1);
      const emitted: readonly (readonly [string, Buffer])[] = [
        ['standard output', Buffer.from(rest.join('\n'))],
        ['standard error', Buffer.from(demo.err)],
        ['MQTT', Buffer.concat(published)],
        ['capture', readFileSync(capture)],
        ...filesBelow(stores),
      ];
      expect(emitted.filter(([, bytes]) => bytes.length > 1_000).length).toBeGreaterThanOrEqual(5);
      expect(emitted.flatMap(([name, bytes]) => findKeys(bytes, keys).map((found) => `${name}: ${found}`))).toEqual([]);
      // The very same search finds them in the event that names them.
      expect(findKeys(Buffer.from(JSON.stringify(event)), keys)).toHaveLength(6);
    } finally {
      await listener.close();
      await broker.close();
    }
  });
});

/** Randomness that remembers every draw long enough to be a key: keys of the air, wrapping keys, private keys of all parties, ephemeral keys. */
class Remembering implements Entropy {
  readonly #inner = new SystemEntropy();
  readonly drawn = new Map<string, Uint8Array>();
  bytes(length: number): Uint8Array {
    const bytes = this.#inner.bytes(length);
    if (length >= 16) this.drawn.set(`draw ${this.drawn.size} of ${length} bytes`, bytes.slice());
    return bytes;
  }
}

describe('the demonstration with its log wide open', () => {
  test('logs, tells, captures and stores no key at any level, as text neither, whoever drew it', { timeout: 60_000 }, async () => {
    const lines: string[] = [];
    const text: string[] = [];
    const frames: Uint8Array[] = [];
    const keep = (event: string, fields: LogFields = {}): void => void lines.push(`${event} ${JSON.stringify(fields)}`);
    const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
    const out = (line: string): void => void text.push(line);
    const { signal } = new AbortController();
    async function* none(): AsyncGenerator<Uint8Array> {}
    const io = { out, err: out, write: async () => {}, chunks: none, terminal: false, debug: true };
    const story = new StoryText({ ...io, paint: (_, each) => each, interrupted: signal });
    let named: readonly string[] = [];
    const tell = (event: StoryEvent): void => {
      if (event.event === 'keys') return void (named = event.keys);
      lines.push(JSON.stringify(event));
      story.tell(event);
    };
    const onTraffic = (psdu: Uint8Array, time: number): void => void frames.push(pcapRecord(psdu, time));
    const [entropy, data] = [new Remembering(), join(folder, 'open')];
    const ok = await runDemo({ realtime: false, seed: SEED, loss: 0, tellKeys: true, onTraffic, stop: signal, tell, log, entropy, data });
    expect([ok, named.length, lines.length > 80, text.length > 80]).toEqual([true, 6, true, true]);
    const keys = new Map([...(await factoryKeys()), ...told(named), ...entropy.drawn]);
    // Signing keys and the wrapping key, network and partner keys, ephemeral keys of both exchanges.
    const draws = [...entropy.drawn.values()].map(({ length }) => length);
    expect([16, 32, 48].map((length) => draws.filter((each) => each === length).length >= 2)).toEqual([true, true, true]);
    const stored = filesBelow(data);
    expect(stored.map(([name]) => name).filter((name) => name.endsWith('data.mdb'))).toHaveLength(2);
    const emitted = Buffer.concat([
      Buffer.from(lines.join('\n')),
      Buffer.from(text.join('\n')),
      ...frames,
      ...stored.map(([, bytes]) => bytes),
    ]);
    expect(findKeys(emitted, keys)).toEqual([]);
  });
});
