/** The requests with one defect each: what is wrong with them, and that nothing else is. */
import { describe, expect, test } from 'vitest';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { EUI, HOME_DEVICES, HUB_MODEL } from '../../../host/compose/home.ts';
import { makeLabMaterial } from '../../../host/compose/lab-material.ts';
import { defectiveRequests, type DefectiveRequest } from '../../../host/compose/refusal-cases.ts';
import { orderUpdate, signRequest } from '../../../host/compose/user.ts';
import { countersign, parse as parseMessage } from '../../../host/messages/cose.ts';
import { MESSAGE_CHECKS } from '../../../host/messages/message-check.ts';
import { openCountersigned } from '../../../host/messages/open.ts';
import { parse as parseRequest } from '../../../host/messages/service-request.ts';
import type { UpdateFirmware } from '../../../host/model/service-request.ts';
import { imageDigest } from '../../../host/s1sp/image-shelf.ts';

const NOW = 1_768_478_400;
const IMAGE = new Seeded(1).bytes(500);
const OTHER = new Seeded(2).bytes(500);
const WRONG = new Seeded(4).bytes(500);
const listed = [{ device: EUI.ppmid, versions: [0x200] }];
const material = makeLabMaterial({ gateway: EUI.gateway, hub: HUB_MODEL, devices: HOME_DEVICES, listed, now: NOW, entropy: new Seeded(3) });
const { lead, countersigner } = material.parties;
const order = {
  target: EUI.ppmid,
  gateway: EUI.gateway,
  image: IMAGE,
  firmwareVersion: 0x200,
  now: NOW,
  purpose: 'x',
  environment: 'lab',
} as const;
const accepted = countersign(
  signRequest(orderUpdate({ ...order, originator: lead.signer.party, counter: 1n }), lead.key),
  countersigner.key,
);
const requests = defectiveRequests({
  ...{
    material,
    gateway: EUI.gateway,
    ppmid: EUI.ppmid,
    image: IMAGE,
    firmwareVersion: 0x200,
    otherManufacturer: OTHER,
    wrongSignature: WRONG,
  },
  ...{ accepted: accepted.ok ? accepted.value : new Uint8Array(0), counter: 2n, now: NOW },
});
const known = new Map(Object.values(material.parties).map(({ signer }) => [signer.kid, signer]));

/** Names of the message checks that object to a request, each asked alone. */
function objections({ bytes }: DefectiveRequest): readonly string[] {
  const context = {
    environment: 'lab' as const,
    gateway: EUI.gateway,
    now: NOW,
    marks: { highest: () => 1n },
    signers: (kid: Parameters<typeof known.get>[0]) => known.get(kid),
    purpose: 'accept' as const,
  };
  return MESSAGE_CHECKS.filter((check) => !openCountersigned(bytes, { ...context, checks: [check] }).ok).map(({ name }) => name);
}

function read({ bytes }: DefectiveRequest): UpdateFirmware {
  const message = parseMessage(bytes);
  const request = message.ok ? parseRequest(message.value.payload) : message;
  if (!request.ok || request.value.kind !== 'update-firmware') throw new Error('not an order');
  return request.value;
}

const named = (name: string): DefectiveRequest => requests.find((request) => request.case === name)!;

describe('a defective request', () => {
  test.each([
    ['gas-supplier', []],
    ['other-supplier', []],
    ['one-signature', ['countersigned']],
    ['same-key-twice', ['countersigned']],
    ['replayed', ['replay']],
    ['expired', ['expiry']],
    ['other-gateway', ['audience']],
    ['image-bit', []],
    ['other-manufacturer', []],
    ['image-signature', []],
  ])('%s trips over %j among the checks of messages and no other [R-SIGN-01]', (name, checks) => {
    expect(objections(named(name))).toEqual(checks);
  });

  test('orders the listed version for this PPMID, with a counter of its own', () => {
    const orders = requests.map(read);
    expect(new Set(orders.map(({ target, firmwareVersion }) => `${target} ${firmwareVersion}`))).toEqual(new Set([`${EUI.ppmid} 512`]));
    expect(new Set(orders.map(({ counter }) => counter)).size).toBe(requests.length);
  });

  test('comes with its image where the image is what is wrong', () => {
    expect(requests.filter(({ image }) => image !== undefined).map((request) => request.case)).toEqual([
      ...['image-bit', 'other-manufacturer', 'image-signature'],
    ]);
    for (const [name, bytes] of [
      ['other-manufacturer', OTHER],
      ['image-signature', WRONG],
    ] as const) {
      expect(named(name).image).toEqual({ name: imageDigest(bytes), bytes });
      expect(read(named(name)).image).toEqual({ digest: imageDigest(bytes), length: bytes.length });
    }
  });

  test('image-bit orders a file that differs in exactly one bit from the one that comes', () => {
    const { image } = named('image-bit');
    expect(image?.bytes).toEqual(IMAGE);
    const bits = IMAGE.length * 8;
    const ordered = read(named('image-bit')).image.digest;
    const found = Array.from({ length: bits }, (_, bit) => bit).filter((bit) => {
      const copy = IMAGE.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return imageDigest(copy) === ordered;
    });
    expect(found).toHaveLength(1);
    expect(image?.name).toBe(ordered);
  });
});
