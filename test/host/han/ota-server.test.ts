import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as ota from '../../../host/clusters/ota.ts';
import { GlobalCommand } from '../../../host/clusters/foundation.ts';
import { ZCL } from '../../../host/core/control.ts';
import { MAX_BLOCK, type OfferEvents } from '../../../host/han/ota-server.ts';
import type { Frame } from '../../../host/model/frame.ts';
import { DEVICE, HanBench } from './bench.ts';

const ID = { manufacturer: 0x1ab1, imageType: 0x0084, fileVersion: 0x200 };
const FILE = Uint8Array.from({ length: 1_000 }, (_, index) => (index * 7) & 0xff);
const { OtaCommand, OtaStatus } = ota;

let bench: HanBench;
let told: (string | number)[][];
let verdict: 'activate' | 'abort';

const events: OfferEvents = {
  queried: (version) => void told.push(['queried', version]),
  served: (offset, length, restart) => void told.push(['served', offset, length, String(restart)]),
  ended: async () => (told.push(['ended']), verdict),
  failed: (status) => void told.push(['failed', status]),
};

beforeEach(async () => {
  bench = await HanBench.start();
  told = [];
  verdict = 'activate';
  const read = (at: number, n: number): Uint8Array => FILE.subarray(at, at + n);
  bench.ota.offer({ device: DEVICE, ...ID, size: FILE.length, read }, events);
});

const ask = (command: number, payload: Uint8Array): Promise<readonly Frame[]> => bench.command(ota.OTA_CLUSTER, command, payload);
const query = (change: Partial<ota.QueryNextImageRequest> = {}): Promise<readonly Frame[]> =>
  ask(OtaCommand.QUERY_NEXT_IMAGE_REQUEST, ota.encodeQueryNextImageRequest({ fieldControl: 0, ...ID, fileVersion: 0x100, ...change }));
const block = async (fileOffset: number, change: Partial<ota.ImageBlockRequest> = {}): Promise<ota.ImageBlockResponse | undefined> => {
  const request = { fieldControl: 0, ...ID, fileOffset, maxDataSize: MAX_BLOCK, ...change };
  const [frame] = await ask(OtaCommand.IMAGE_BLOCK_REQUEST, ota.encodeImageBlockRequest(request));
  return frame?.zcl?.command === OtaCommand.IMAGE_BLOCK_RESPONSE && frame.zcl.control & ZCL.CLUSTER
    ? ota.decodeImageBlockResponse(frame.payload)
    : undefined;
};
const end = (status: number, change: Partial<ota.UpgradeEndRequest> = {}): Promise<readonly Frame[]> =>
  ask(OtaCommand.UPGRADE_END_REQUEST, ota.encodeUpgradeEndRequest({ status, ...ID, ...change }));
/** Command and status of the one default response among frames. */
const fallback = (frames: readonly Frame[]): readonly number[] | undefined => {
  const found = frames.filter(
    ({ zcl }) => zcl !== undefined && (zcl.control & ZCL.TYPE) === 0 && zcl.command === GlobalCommand.DEFAULT_RESPONSE,
  );
  return found.length === 1 ? [...found[0]!.payload] : undefined;
};

describe('a query', () => {
  test('of the device that runs another version is answered with the offer', async () => {
    const [answer] = await query();
    expect(ota.decodeQueryNextImageResponse(answer!.payload)).toEqual({ status: 0, ...ID, imageSize: FILE.length });
    expect(told).toEqual([['queried', 0x100]]);
  });

  test.each([
    ['of another manufacturer', { manufacturer: 0x1ab2 }],
    ['of another image type', { imageType: 0x0085 }],
    ['that runs the version already', { fileVersion: ID.fileVersion }],
  ])('%s gets no image', async (_, change) => {
    const [answer] = await query(change);
    expect(ota.decodeQueryNextImageResponse(answer!.payload)).toEqual({ status: OtaStatus.NO_IMAGE_AVAILABLE });
  });

  test('is answered in mid-transfer as at the beginning', async () => {
    await block(0);
    await block(56);
    const [answer] = await query();
    expect(ota.decodeQueryNextImageResponse(answer!.payload)).toMatchObject({ status: 0, imageSize: FILE.length });
    expect(await block(112)).toMatchObject({ status: 0, fileOffset: 112 });
  });

  test('without an offer gets no image', async () => {
    bench.ota.withdraw(DEVICE);
    const [answer] = await query();
    expect(ota.decodeQueryNextImageResponse(answer!.payload)).toEqual({ status: OtaStatus.NO_IMAGE_AVAILABLE });
  });
});

describe('a block', () => {
  test('is served at any offset, in any order, as often as it is asked: always the bytes of the file [R-PPMID-07]', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(FILE.length - 1), fc.integer({ min: 1, max: 255 }), async (offset, maxDataSize) => {
        const response = await block(offset, { maxDataSize });
        const length = Math.min(maxDataSize, MAX_BLOCK, FILE.length - offset);
        expect(response).toEqual({ status: 0, ...ID, fileOffset: offset, data: FILE.slice(offset, offset + length) });
      }),
      { numRuns: 100 },
    );
  });

  test('at 0 after a further one counts as a beginning anew when the device goes on from there, a repetition of the first does not', async () => {
    for (const offset of [0, 0, 56, 56, 0, 56]) await block(offset);
    expect(told.map(([, offset, , restart]) => `${offset} ${restart}`)).toEqual([
      '0 false',
      '0 false',
      '56 false',
      '56 false',
      '0 false',
      '56 true',
    ]);
  });

  test('at 0 by a device that only reads the header again is no beginning anew, however often', async () => {
    for (const offset of [0, 56, 112, 0, 168, 0, 224, 0, 0, 280]) await block(offset);
    expect(told.filter(([, , , restart]) => restart === 'true')).toEqual([]);
  });

  test('beyond the end, or of no size, is a malformed command', async () => {
    for (const [offset, size] of [
      [FILE.length, 56],
      [0xffff_ffff, 56],
      [0, 0],
    ] as const) {
      const request = { fieldControl: 0, ...ID, fileOffset: offset, maxDataSize: size };
      const frames = await ask(OtaCommand.IMAGE_BLOCK_REQUEST, ota.encodeImageBlockRequest(request));
      expect(fallback(frames)).toEqual([OtaCommand.IMAGE_BLOCK_REQUEST, 0x80]);
    }
    expect(told).toEqual([]);
  });

  test.each([
    ['manufacturer', { manufacturer: 0x1ab2 }],
    ['image type', { imageType: 0x0085 }],
    ['version', { fileVersion: 0x201 }],
  ])('of another %s is not available', async (_, change) => {
    expect(await block(0, change)).toEqual({ status: OtaStatus.NO_IMAGE_AVAILABLE });
    expect(told).toEqual([]);
  });

  test('of an offer that was withdrawn is answered with ABORT, and of a new one again with bytes', async () => {
    await block(0);
    bench.ota.withdraw(DEVICE);
    expect(await block(56)).toEqual({ status: OtaStatus.ABORT });
    bench.ota.offer({ device: DEVICE, ...ID, size: FILE.length, read: (at, n) => FILE.subarray(at, at + n) }, events);
    expect(await block(56)).toMatchObject({ status: 0, fileOffset: 56 });
  });
});

describe('the end', () => {
  test('is answered with the time to activate, now, when the gateway allows it', async () => {
    const [answer] = await end(0);
    expect(ota.decodeUpgradeEndResponse(answer!.payload)).toEqual({ ...ID, currentTime: 0, upgradeTime: 0 });
    expect(told).toEqual([['ended']]);
  });

  test('is answered with ABORT when the gateway does not allow it', async () => {
    verdict = 'abort';
    expect(fallback(await end(0))).toEqual([OtaCommand.UPGRADE_END_REQUEST, OtaStatus.ABORT]);
  });

  test('with the status of a device that gives up is told and confirmed', async () => {
    expect(fallback(await end(OtaStatus.INVALID_IMAGE))).toEqual([OtaCommand.UPGRADE_END_REQUEST, 0]);
    expect(told).toEqual([['failed', OtaStatus.INVALID_IMAGE]]);
  });

  test('of another version, or without an offer, is answered with ABORT and activates nothing', async () => {
    expect(fallback(await end(0, { fileVersion: 0x300 }))).toEqual([OtaCommand.UPGRADE_END_REQUEST, OtaStatus.ABORT]);
    bench.ota.withdraw(DEVICE);
    expect(fallback(await end(0))).toEqual([OtaCommand.UPGRADE_END_REQUEST, OtaStatus.ABORT]);
    expect(told).toEqual([]);
  });
});

describe('what is not of this cluster', () => {
  test.each([
    ['a query', OtaCommand.QUERY_NEXT_IMAGE_REQUEST],
    ['a block request', OtaCommand.IMAGE_BLOCK_REQUEST],
    ['an end', OtaCommand.UPGRADE_END_REQUEST],
  ])('%s that is cut short is a malformed command, at every length', async (_, command) => {
    for (let length = 0; length < 5; length++) expect(fallback(await ask(command, new Uint8Array(length)))).toEqual([command, 0x80]);
    expect(told).toEqual([]);
  });

  test('page requests and unknown commands are unsupported', async () => {
    const page = ota.encodeImagePageRequest({ fieldControl: 0, ...ID, fileOffset: 0, maxDataSize: 56, pageSize: 512, responseSpacing: 50 });
    expect(fallback(await ask(OtaCommand.IMAGE_PAGE_REQUEST, page))).toEqual([OtaCommand.IMAGE_PAGE_REQUEST, 0x81]);
    expect(fallback(await ask(0x77, new Uint8Array(0)))).toEqual([0x77, 0x81]);
  });

  test('general commands and commands of a server are unsupported, and a default response is answered with nothing', async () => {
    expect(fallback(await bench.command(ota.OTA_CLUSTER, 0x02, Uint8Array.of(0, 0), ZCL.PROFILE_WIDE))).toEqual([0x02, 0x82]);
    expect(fallback(await bench.command(ota.OTA_CLUSTER, 0x03, FILE.subarray(0, 14), ZCL.CLUSTER | ZCL.FROM_SERVER))).toEqual([0x03, 0x81]);
    expect(await bench.command(ota.OTA_CLUSTER, GlobalCommand.DEFAULT_RESPONSE, Uint8Array.of(0, 0), ZCL.PROFILE_WIDE)).toEqual([]);
  });
});

test('a notification names the image and is sent only while there is an offer', async () => {
  const peer = bench.trust.peer(DEVICE)!;
  await bench.ota.notify(peer);
  const [frame] = bench.answers();
  expect(ota.decodeImageNotify(frame!.payload)).toEqual({ payloadType: 3, queryJitter: 100, ...ID });
  bench.ota.withdraw(DEVICE);
  await bench.ota.notify(peer);
  expect(bench.answers()).toEqual([]);
});
