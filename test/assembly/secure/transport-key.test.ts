/** Keys that arrive in Transport-Key commands: who is believed, where they go, and that nobody sees them. */
import { describe, expect, test } from 'vitest';
import { eui64, unhex } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { airEui, bytes, derived, join, macData, secured } from '../../kit/frame-oracle.ts';

const LINK = '66b6900981e1ee3ca4206b6b861c02bb';
const CARRIED = 'c0ffee00112233445566778899aabbcc';
const CENTRE = '02000000000000aa';
const DEVICE = '02000000000000bb';
const PARTNER = '02000000000000cc';

const NETWORK_KEY = join(bytes(`05 01 ${CARRIED} 07`), airEui(DEVICE), airEui(CENTRE));
const LINK_KEY = join(bytes(`05 04 ${CARRIED}`), airEui(DEVICE), airEui(CENTRE));
const APPLICATION_KEY = join(bytes(`05 03 ${CARRIED}`), airEui(PARTNER), bytes('01'));

interface How {
  readonly keyId?: 0 | 2 | 3;
  readonly counter?: number;
}
const LABEL = { 0: undefined, 2: 0, 3: 2 } as const;

/** A command in clear at the NWK, as to a device that joins. */
function frame(command: Uint8Array, { keyId = 2, counter = 1 }: How = {}): Uint8Array {
  const label = LABEL[keyId];
  const key = label === undefined ? bytes(LINK) : derived(bytes(LINK), label);
  return macData(join(bytes('0800 3412 0000 1e 09'), secured(bytes('21 10'), { key, source: CENTRE, counter, keyId }, command)));
}

async function device(): Promise<OpenCore> {
  const core = await openCore();
  core.keys.importLink(unhex(LINK), eui64(CENTRE));
  return core;
}

/** A key's copies in memory: 1 in its slot, nowhere else. */
const copies = (core: OpenCore): number => core.positions(bytes(CARRIED)).length;

describe('a key under key-transport or key-load security', () => {
  test('of type 1 becomes a network key of its sequence number', async () => {
    const core = await device();
    const answer = core.rx(frame(NETWORK_KEY));
    if (!answer.ok) throw new Error(answer.code);
    const carried = answer.frame.carried as number;
    expect(core.exportKey(carried)).toEqual({ ok: true, value: bytes(CARRIED) });
    core.keys.reserve(carried, 0, 10);
    const outer = secured(
      bytes('0902 3412 0000 1e 0a'),
      { key: bytes(CARRIED), source: CENTRE, counter: 5, keyId: 1, keySeq: 7 },
      bytes('0842'),
    );
    expect(core.rx(macData(outer))).toMatchObject({ ok: true, opened: true, frame: { nwk: { security: { key: carried } } } });
  });

  test.each([
    ['4, the trust centre', LINK_KEY, 3, CENTRE],
    ['3, the partner', APPLICATION_KEY, 3, PARTNER],
    ['4 under the key-transport key', LINK_KEY, 2, CENTRE],
  ] as const)('of type %s becomes a link key', async (_name, command, keyId, partner) => {
    const core = await device();
    const answer = core.rx(frame(command, { keyId }));
    if (!answer.ok) throw new Error(answer.code);
    expect(core.exportKey(answer.frame.carried as number)).toEqual({ ok: true, value: bytes(CARRIED) });
    const data = secured(bytes('20 01 1900 0901 01 55'), { key: bytes(CARRIED), source: partner, counter: 1, keyId: 0 }, bytes('011700'));
    expect(core.rx(macData(join(bytes('0800 3412 0000 1e 09'), data)))).toMatchObject({ ok: true, opened: true });
  });

  test('stands in its slot alone: blank in the frame, in no window, in no scratch', async () => {
    const core = await device();
    const answer = core.rx(frame(NETWORK_KEY));
    if (!answer.ok) throw new Error(answer.code);
    const { payload } = answer.frame;
    expect(payload.slice(0, 2)).toEqual(bytes('05 01'));
    expect(payload.slice(2, 18)).toEqual(new Uint8Array(16));
    expect(payload.slice(18)).toEqual(NETWORK_KEY.slice(18));
    expect(copies(core)).toBe(1);
    core.keys.erase(answer.frame.carried as number);
    expect(copies(core)).toBe(0);
  });

  test('that is already held keeps its slot and its frame counter', async () => {
    const core = await device();
    const first = core.rx(frame(NETWORK_KEY));
    const handle = first.frame.carried as number;
    core.keys.reserve(handle, 100, 200);
    const second = core.rx(frame(NETWORK_KEY, { counter: 2 }));
    expect(second).toMatchObject({ ok: true, frame: { carried: handle } });
    expect(core.keys.outgoing(handle)).toEqual({ ok: true, value: { next: 100, limit: 200 } });
    expect(copies(core)).toBe(1);
  });

  test('with another sequence number is another key', async () => {
    const core = await device();
    const first = core.rx(frame(NETWORK_KEY));
    const other = NETWORK_KEY.slice();
    other[18] = 8;
    const second = core.rx(frame(other, { counter: 2 }));
    expect(second).toMatchObject({ ok: true });
    expect(second.frame.carried).not.toBe(first.frame.carried);
    expect(copies(core)).toBe(2);
  });
});

describe('a key is not believed', () => {
  test('in clear', async () => {
    const core = await device();
    const answer = core.rx(macData(join(bytes('0800 3412 0000 1e 09 01 10'), NETWORK_KEY)));
    expect(answer).toMatchObject({ ok: false, code: 'transport-key-unsecured', offset: 19 });
    expect(answer.frame.carried).toBeUndefined();
    expect(answer.frame.bytes?.slice(21, 19 + NETWORK_KEY.length)).toEqual(new Uint8Array(NETWORK_KEY.length - 2));
    expect(copies(core)).toBe(0);
  });

  test('under NWK security alone', async () => {
    const core = await device();
    core.keys.importNetwork(unhex('00112233445566778899aabbccddeeff'), 0);
    const key = bytes('00112233445566778899aabbccddeeff');
    const outer = secured(bytes('0802 3412 0000 1e 09'), { key, source: CENTRE, counter: 1, keyId: 1 }, join(bytes('01 10'), NETWORK_KEY));
    expect(core.rx(macData(outer))).toMatchObject({ ok: false, code: 'transport-key-unsecured' });
    expect(copies(core)).toBe(0);
  });

  test('under the link key itself', async () => {
    const core = await device();
    expect(core.rx(frame(NETWORK_KEY, { keyId: 0 }))).toMatchObject({ ok: false, code: 'transport-key-unsecured' });
    expect(copies(core)).toBe(0);
  });

  test.each([0, 2, 5, 255])('of key type %i', async (type) => {
    const core = await device();
    const command = NETWORK_KEY.slice();
    command[1] = type;
    expect(core.rx(frame(command))).toMatchObject({ ok: false, code: 'transport-key-type' });
    expect(copies(core)).toBe(0);
  });

  test.each([
    ['network key', NETWORK_KEY],
    ['link key', LINK_KEY],
    ['application link key', APPLICATION_KEY],
  ])('in a %s command that is cut anywhere', async (_name, command) => {
    const core = await device();
    for (let length = 1; length < command.length; length++) {
      const answer = core.rx(frame(command.slice(0, length), { counter: length }));
      expect(answer).toMatchObject({ ok: false, code: 'transport-key-truncated' });
      expect(copies(core)).toBe(0);
    }
  });

  test('when no slot is free', async () => {
    const core = await device();
    while (core.keys.importWrapping(new Uint8Array(16).fill(1)).ok);
    expect(core.rx(frame(NETWORK_KEY))).toMatchObject({ ok: false, code: 'transport-key-no-slot' });
    expect(copies(core)).toBe(0);
  });
});

test('passive reception leaves the key in the frame and takes none', async () => {
  const core = await device();
  const answer = core.rx(frame(NETWORK_KEY), { passive: true });
  if (!answer.ok) throw new Error(answer.code);
  expect(answer.frame.payload).toEqual(NETWORK_KEY);
  expect(answer.frame.carried).toBeUndefined();
});
