/** The open coordinator backup format: what tools write is read without a key becoming a text, what is written they read. */
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { readPlain, standIn, writePlain } from '../../../host/compose/backup-plain.ts';
import { restorablePlain } from '../../../host/compose/restorable.ts';
import { prepareRestore } from '../../../host/compose/restore.ts';
import { unhex } from '../../../host/model/ids.ts';
import { Members } from '../../../host/stores/members.ts';
import { OutgoingCounters } from '../../../host/stores/counters.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { ManualClock } from '../../kit/clock.ts';
import { freshCore } from '../../kit/core.ts';
import { ESME, GATEWAY, PPMID, vaultOf, WRAPPING } from './key-store.ts';

const NETWORK = '00112233445566778899aabbccddeeff';
const LINK = 'ffeeddccbbaa99887766554433221100';
const SEED = 'ca48ec393489d00a334b70995a306a71';

/** A backup as tools of the format write it, with a field that only one of them has. */
const FILE = JSON.stringify({
  metadata: { format: 'zigpy/open-coordinator-backup', version: 1, source: 'a-tool@1.0', internal: { date: '2026-01-15T12:00:00.000Z' } },
  stack_specific: { zstack: { tclk_seed: SEED } },
  coordinator_ieee: GATEWAY.toUpperCase(),
  pan_id: '1A62',
  extended_pan_id: GATEWAY,
  nwk_update_id: 0,
  security_level: 5,
  channel: 15,
  channel_mask: [15],
  network_key: { key: NETWORK.toUpperCase(), sequence_number: 3, frame_counter: 66_781 },
  devices: [
    { nwk_address: '1234', ieee_address: PPMID, is_child: true, link_key: { key: LINK, rx_counter: 17, tx_counter: 900 } },
    { nwk_address: null, ieee_address: ESME, is_child: false },
  ],
});
const bytes = (text = FILE): Uint8Array => new TextEncoder().encode(text);

describe('a plain backup', () => {
  test('is read with its keys as bytes, and none of them left in the file’s', () => {
    const file = bytes();
    const { backup, keys } = readPlain(file, 'a.json');
    expect(keys).toEqual([unhex(SEED), unhex(NETWORK), unhex(LINK)]);
    expect(backup).toMatchObject({
      coordinator_ieee: GATEWAY,
      network_key: { key: standIn(1), sequence_number: 3, frame_counter: 66_781 },
      devices: [{ ieee_address: PPMID, link_key: { key: standIn(2) } }, { ieee_address: ESME }],
    });
    const left = new TextDecoder().decode(file).toLowerCase();
    for (const key of [NETWORK, LINK, SEED]) expect(left).not.toContain(key);
  });
  test('comes out as it went in: writing is the opposite of reading', () => {
    const written = writePlain(readPlain(bytes(), 'a.json'));
    const again = JSON.parse(new TextDecoder().decode(written)) as Record<string, unknown>;
    const before = JSON.parse(FILE) as Record<string, unknown>;
    expect(again).toEqual({ ...before, coordinator_ieee: GATEWAY, network_key: { ...(before['network_key'] as object), key: NETWORK } });
  });
  test.each([
    ['no JSON', '{"a": ', 'a.json: is not JSON'],
    ['another format', FILE.replace('zigpy/open-coordinator-backup', 'another'), 'a.json: metadata.format is not as the format says'],
    ['a key cut short', FILE.replace(NETWORK.toUpperCase(), 'abc'), 'a.json: network_key.key is not as the format says'],
    ['no network key', FILE.replace('"network_key"', '"other"'), 'a.json: network_key is not as the format says'],
  ])('that is %s is refused by name, and no value of it is said', (_what, text, said) => {
    expect(() => readPlain(bytes(text), 'a.json')).toThrow(said);
  });
  test('of nobody’s key is not written', () => {
    const { backup } = readPlain(bytes(), 'a.json');
    expect(() => writePlain({ backup, keys: [] })).toThrow('names a key that there is not');
  });
  test('is restored as any other: keys sealed, counters jumped, its keys wiped', async () => {
    const [store, core] = [new MemoryStore(), await freshCore()];
    const plain = readPlain(bytes(), 'a.json');
    const taken = Date.UTC(2026, 0, 15, 12);
    const restorable = restorablePlain(plain, { environment: 'lab', taken, id: 'aabbccddeeff0011' });
    const target = {
      store,
      storeName: '/data',
      core,
      gateway: GATEWAY,
      environment: 'lab' as const,
      wrappingKey: WRAPPING.slice(),
      force: false,
    };
    const ready = prepareRestore(restorable, { ...target, entropy: new Seeded(1), clock: new ManualClock(taken + 10_000) });
    if (!ready.ok) throw new Error(ready.code);
    const { report, apply } = ready.value;
    await apply();
    expect(plain.keys.slice(1)).toEqual([new Uint8Array(16), new Uint8Array(16)]);
    const { core: other, vault } = await vaultOf(store);
    const handle = vault.open('link', PPMID) ?? 0;
    const print = other.keys.fingerprint(handle);
    expect(print.ok && new OutgoingCounters(store).next(print.value)).toBe(900 + report.jump);
    expect(new Members(store).all()).toEqual([{ eui: PPMID, short: 0x1234, joined: true }]);
  });
});
