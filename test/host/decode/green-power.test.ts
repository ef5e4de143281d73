/** Green Power frames: who they are from, what they say, and which of them a key that was heard opens. */
import { describe, expect, test } from 'vitest';
import { bytes, ccm, join, le } from '../../kit/frame-oracle.ts';
import { decodeAll, decodeOne, remarks, valuesOf } from './kit.ts';

const BROADCAST = bytes('0108 05 ffff ffff');
const KEY = bytes('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf');
const SOURCE = '78563412';

const decode = (frame: string) => decodeOne(join(BROADCAST, bytes(frame)));

/** A commissioning frame that brings the device's key in clear. */
const commissioning = join(BROADCAST, bytes(`0c ${SOURCE} e0 02 80 20`), KEY);

/** A data frame under that key: security level 3, nonce after A.1.5.4.2. */
function sealed(counter: number, command: Uint8Array, key = KEY): Uint8Array {
  const header = join(bytes(`8c 18 ${SOURCE}`), le(counter, 4));
  return join(BROADCAST, header, ccm(key, join(bytes(SOURCE + SOURCE), le(counter, 4), bytes('05')), header, command));
}

describe('a Green Power frame', () => {
  test('without an extended frame control names its source and a command', async () => {
    const decoded = await decode(`0c ${SOURCE} 22`);
    expect([decoded.verdict, valuesOf(decoded, 'zbee_nwk_gp.source_id'), valuesOf(decoded, 'zbee_nwk_gp.command_id')]).toEqual([
      'ok',
      ['0x12345678'],
      ['0x22'],
    ]);
    expect(decoded.headers.greenPower).toEqual({ source: 0x12345678, command: 0x22 });
  });

  test('of an application that goes by EUI-64 names an endpoint', async () => {
    const decoded = await decodeOne(join(bytes('010c 05 ffff 0100000000000002'), bytes('8c 02 07 20')));
    expect([valuesOf(decoded, 'zbee_nwk_gp.source_id'), valuesOf(decoded, 'zbee_nwk_gp.endpoint')]).toEqual([[], ['7']]);
  });

  test('in clear with a MIC shows counter and MIC, unopened as nobody asks it', async () => {
    const decoded = await decode(`8c 10 ${SOURCE} 01000000 22 aabbccdd`);
    expect([decoded.verdict, valuesOf(decoded, 'zbee_nwk_gp.security_frame_counter'), valuesOf(decoded, 'zbee_nwk_gp.command_id')]).toEqual(
      ['ok', ['1'], ['0x22']],
    );
    expect(decoded.fields.some(([name, show]) => name.includes('mic') && show !== '')).toBe(true);
  });

  test('that holds nothing is refused, as is one that ends in its header', async () => {
    const empty = await decode(`0c ${SOURCE}`);
    expect([empty.code, remarks(empty, 'zbee_nwk_gp.no_payload')]).toEqual(['gp-payload-missing', true]);
    expect(await decode('0c 7856')).toMatchObject({ code: 'gp-truncated' });
    expect(await decode(`8c 18 ${SOURCE} 0100`)).toMatchObject({ code: 'gp-truncated' });
  });

  test.each([
    ['from a short address', '0188 05 ffff ffff 621a 3412'],
    ['to a device with a short address', '0108 05 ffff 3412'],
    ['to everybody in one PAN', '0108 05 621a ffff'],
  ])('is none %s', async (_, mac) => {
    expect((await decodeOne(join(bytes(mac), bytes(`0c ${SOURCE} 22`)))).headers.greenPower).toBeUndefined();
  });
});

describe('an encrypted Green Power frame', () => {
  const toggle = sealed(9, bytes('22'));

  test("is closed until its device's key was heard", async () => {
    const [before, , after] = await decodeAll([toggle, commissioning, toggle]);
    expect(before).toMatchObject({ verdict: 'closed', code: 'closed-gp' });
    expect(after).toMatchObject({ verdict: 'ok', headers: { greenPower: { source: 0x12345678, command: 0x22 } } });
  });

  test('stays closed when keys are not to be learned, and under another key', async () => {
    expect((await decodeAll([commissioning, toggle], { learn: false })).at(-1)?.code).toBe('closed-gp');
    expect((await decodeAll([commissioning, sealed(9, bytes('22'), bytes('00112233445566778899aabbccddeeff'))])).at(-1)?.code).toBe(
      'closed-gp',
    );
  });

  test('opens under no key of ZigBee', async () => {
    expect((await decodeOne(toggle, { keys: [KEY] })).code).toBe('closed-gp');
  });
});

describe('key material of commissioning', () => {
  test('is shown to those alone who ask', async () => {
    const shown = async (showKeys: boolean) => valuesOf(await decodeOne(commissioning, { showKeys }), 'zbee_nwk_gp.cmd.comm.security_key');
    expect(await shown(true)).toEqual(['a0:a1:a2:a3:a4:a5:a6:a7:a8:a9:aa:ab:ac:ad:ae:af']);
    expect(await shown(false)).toEqual([]);
  });
});
