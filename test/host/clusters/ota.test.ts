import { describe, expect, test } from 'vitest';
import * as ota from '../../../host/clusters/ota.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';

const id = { manufacturer: 0x1056, imageType: 0x0201, fileVersion: 0x01020304 };
const bytes = (text: string): Uint8Array => unhex(text.replaceAll(' ', ''));

describe('payloads of the OTA Upgrade cluster', () => {
  test('an Image Notify carries the fields that its payload type names, and no others', () => {
    expect(hex(ota.encodeImageNotify({ payloadType: 0, queryJitter: 50 }))).toBe('0032');
    expect(hex(ota.encodeImageNotify({ payloadType: 3, queryJitter: 100, ...id }))).toBe('03645610010204030201');
    expect(ota.decodeImageNotify(bytes('01 32 5610'))).toEqual({ payloadType: 1, queryJitter: 50, manufacturer: 0x1056 });
  });

  test('a Query Next Image Request carries the hardware version when bit 0 of its field control says so', () => {
    const query = { fieldControl: 1, ...id, hardwareVersion: 5 };
    expect(hex(ota.encodeQueryNextImageRequest(query))).toBe('0156100102040302010500');
    expect(ota.decodeQueryNextImageRequest(bytes('01 5610 0102 04030201 0500'))).toEqual(query);
    expect(ota.decodeQueryNextImageRequest(bytes('00 5610 0102 04030201'))).toEqual({ fieldControl: 0, ...id });
  });

  test('a Query Next Image Response is an image, or a status alone', () => {
    expect(hex(ota.encodeQueryNextImageResponse({ status: 0, ...id, imageSize: 4096 }))).toBe('00561001020403020100100000');
    expect(hex(ota.encodeQueryNextImageResponse({ status: ota.OtaStatus.NO_IMAGE_AVAILABLE }))).toBe('98');
  });

  test('an Image Block Request carries node address and block period in this order, when its field control says so', () => {
    const request = { fieldControl: 3, ...id, fileOffset: 4096, maxDataSize: 50, node: eui64('0200000000000001'), minimumBlockPeriod: 10 };
    expect(hex(ota.encodeImageBlockRequest(request))).toBe('035610010204030201001000003201000000000000020a00');
    expect(ota.decodeImageBlockRequest(ota.encodeImageBlockRequest(request))).toEqual(request);
  });

  test('an Image Block Response has a block, times to wait, or a status alone', () => {
    const block = { status: 0, ...id, fileOffset: 4096, data: Uint8Array.of(0xaa, 0xbb) } as const;
    expect(hex(ota.encodeImageBlockResponse(block))).toBe('0056100102040302010010000002aabb');
    expect(ota.decodeImageBlockResponse(ota.encodeImageBlockResponse(block))).toEqual(block);
    const wait = { status: 0x97, currentTime: 1, requestTime: 2, minimumBlockPeriod: 3 } as const;
    expect(hex(ota.encodeImageBlockResponse(wait))).toBe('9701000000020000000300');
    expect(ota.decodeImageBlockResponse(bytes('97 01000000 02000000'))).toEqual({ status: 0x97, currentTime: 1, requestTime: 2 });
    expect(hex(ota.encodeImageBlockResponse({ status: ota.OtaStatus.ABORT }))).toBe('95');
  });

  test('Upgrade End Request and Response go both ways', () => {
    expect(hex(ota.encodeUpgradeEndRequest({ status: 0x96, ...id }))).toBe('965610010204030201');
    const end = { ...id, currentTime: 1, upgradeTime: ota.UPGRADE_LATER };
    expect(ota.decodeUpgradeEndResponse(ota.encodeUpgradeEndResponse(end))).toEqual(end);
  });

  test('every proper beginning of a block response is refused as too short, but for its status alone when that ends it', () => {
    const whole = ota.encodeImageBlockResponse({ status: 0, ...id, fileOffset: 7, data: Uint8Array.of(1, 2, 3) });
    for (let length = 0; length < whole.length; length++) expect(ota.decodeImageBlockResponse(whole.subarray(0, length))).toBeUndefined();
    expect(ota.decodeImageBlockResponse(Uint8Array.of(...whole, 0xff))).toBeDefined();
  });

  test('a value that does not fit its field is a fault of this program', () => {
    expect(() => ota.encodeImageNotify({ payloadType: 0, queryJitter: 256 })).toThrow(/queryJitter does not fit 1 bytes/);
    expect(() => ota.encodeImageNotify({ payloadType: 1, queryJitter: 1 })).toThrow(/manufacturer is missing/);
  });
});
