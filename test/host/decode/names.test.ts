/** What frames are called, and who sent them, in one line. */
import { describe, expect, test } from 'vitest';
import { nameOf, senderOf } from '../../../host/decode/names.ts';
import { renderLine } from '../../../host/decode/render.ts';
import { bytes } from '../../kit/frame-oracle.ts';
import { decodeOne } from './kit.ts';

const DATA = '4188 05 621a 0000 3412';

describe('a frame is called', () => {
  test.each([
    ['0200 31', 'MAC Acknowledgement'],
    ['0308 01 ffff ffff 07', 'MAC Beacon Request'],
    ['6388 01 621a 0000 3412 77', 'MAC Command 0x77'],
    ['ad01 07 621a 3412 7856 aabb', 'MAC Multipurpose'],
    ['0600 01 02', 'MAC Fragment'],
    [`${DATA} 0900 0000 3412 1e 01 04 00`, 'NWK Leave'],
    [`${DATA} 0800 0000 3412 1e 01 02 01 0000 0401 01 07`, 'APS Acknowledgement'],
    [`${DATA} 0800 0000 3412 1e 01 01 07 09 05`, 'APS Switch Key'],
    [`${DATA} 0800 0000 3412 1e 01 00 00 1300 0000 00 07 01 3412 0100000000000002 8e`, 'ZDP Device Annce'],
    [`${DATA} 0800 0000 3412 1e 01 00 01 1900 0901 01 07 01 05 01 00 5610 0102 04030201`, 'ZCL OTA Upgrade: Query Next Image Request'],
    [`${DATA} 0800 0000 3412 1e 01 00 01 ffff 0901 01 07 00 05 00`, 'ZCL cluster 0xffff: Read Attributes'],
    ['01c8 05 ffff ffff ffff 0100000000000002 0b00 03 1900 0901 00 05 00', 'ZCL OTA Upgrade: Read Attributes'],
    ['0108 05 ffff ffff 0c 78563412 e1', 'Green Power Decommissioning'],
    ['0108 05 ffff ffff 8c 18 78563412 01000000 aa bbccddee', 'Green Power Data'],
  ])('%s: %s', async (frame, name) => {
    expect(nameOf((await decodeOne(bytes(frame))).headers)).toBe(name);
  });
});

describe('the sender of a frame', () => {
  test.each([
    [`${DATA} 0900 0000 7856 1e 01 04 00`, '0x5678'],
    [DATA, '0x1234'],
    ['01c8 05 ffff ffff ffff 0100000000000002 aa', '0200000000000001'],
    ['0108 05 ffff ffff 0c 78563412 22', '0x12345678'],
    ['0200 31', undefined],
  ])('of %s is %s', async (frame, sender) => {
    expect(senderOf((await decodeOne(bytes(frame))).headers)).toBe(sender);
  });
});

test('a line tells what was used before, and why not all is read', async () => {
  const decoded = await decodeOne(bytes('0108 05 ffff ffff 8c 18 78563412 01000000 aa bbccddee'));
  expect(renderLine({ ...decoded, replay: { layer: 'nwk', kind: 'retransmission' } }, 0n)).toBe(
    '     1     0.000000  0x12345678 → 0xffff  Green Power Data  [closed: no key opens the Green Power frame]  [nwk retransmission]',
  );
});
