/** Random Green Power frames: every frame type, application, security level and command, and keys that commissioning brings. */
import { createCipheriv } from 'node:crypto';
import { bytes, join, le } from '../kit/frame-oracle.ts';
import type { Random } from './random.ts';

const NOTHING = new Uint8Array(0);
const DEVICE_KEY = bytes('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf');

/** A frame without its FCS. */
export function greenPowerFrame(random: Random): Uint8Array {
  const extended = random.once(4);
  const mac = join(
    le(extended ? 0x0c01 : 0x0801, 2),
    le(random.below(256), 1),
    le(0xffff, 2),
    extended ? random.bytes(8) : le(random.once(20) ? 0x1234 : 0xffff, 2),
  );
  return join(mac, nwk(random));
}

function nwk(random: Random): Uint8Array {
  const type = random.once(5) ? random.below(4) : 0;
  const extension = !random.once(3);
  const application = random.once(6) ? random.below(8) : random.pick([0, 0, 2]);
  const level = random.below(4);
  const fcf = type | (3 << 2) | (random.once(2) ? 0x40 : 0) | (extension ? 0x80 : 0);
  const ext = application | (level << 3) | (random.below(8) << 5);
  const header = join(le(fcf, 1), extension ? le(ext, 1) : NOTHING);
  const body = command(random);
  const named = (extension ? application : 0) === 0 && (type === 0 || (type === 1 && extension && body[0] !== 0xf3));
  const source = named ? le(random.pick([0x01020304, 0x00000000, 0xffffffff]), 4) : NOTHING;
  const front = join(header, source, extension && application === 2 ? random.bytes(1) : NOTHING);
  if (!extension || application > 2) return join(front, body);
  if (level === 1) return join(front, body, random.bytes(application === 1 ? 0 : 2));
  if (level < 2) return join(front, body);
  const counter = random.bytes(4);
  if (level === 3 && !random.once(3) && application === 0) return encrypted(join(front, counter), ext, source, counter, body);
  return join(front, counter, body, random.bytes(4));
}

/** As a device with a key does: the nonce of ZigBee 14-0563, A.1.5.4.2. */
function encrypted(header: Uint8Array, ext: number, source: Uint8Array, counter: Uint8Array, body: Uint8Array): Uint8Array {
  const id = source.length === 0 ? new Uint8Array(4) : source;
  const nonce = join(ext & 0x80 ? new Uint8Array(4) : id, id, counter, le(0x05, 1));
  const cipher = createCipheriv('aes-128-ccm', DEVICE_KEY, nonce, { authTagLength: 4 }).setAAD(header, { plaintextLength: body.length });
  const text = Buffer.concat([cipher.update(body), cipher.final()]);
  return join(header, text, cipher.getAuthTag());
}

function command(random: Random): Uint8Array {
  const id = random.once(5)
    ? random.below(256)
    : random.pick([
        0x00, 0x10, 0x22, 0x31, 0x33, 0x41, 0x4a, 0x4b, 0x60, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xe0, 0xe0, 0xe1, 0xe3, 0xf0, 0xf1, 0xf2,
        0xf3,
      ]);
  const more = random.bytes(random.once(5) ? random.below(4) : 0);
  return join(le(id, 1), (BODIES[id] ?? ((r: Random) => r.bytes(r.once(3) ? 4 : 0)))(random), more);
}

const cluster = (random: Random): Uint8Array => le(0xfd00 + random.below(256), 2);
/** An attribute of type uint16, which no table of these clusters names otherwise. */
const attribute = (random: Random): Uint8Array => join(random.bytes(2), le(0x21, 1), random.bytes(2));
const options = (random: Random): Uint8Array => random.pick([() => le(0, 1), () => le(1, 1), () => join(le(2, 1), random.bytes(2))])();
const list = (random: Random, item: (random: Random) => Uint8Array): Uint8Array => {
  const items = join(...Array.from({ length: random.below(3) }, () => item(random)));
  return join(cluster(random), le(items.length, 1), items);
};

const BODIES: Readonly<Record<number, (random: Random) => Uint8Array>> = {
  0xa0: (random) => join(cluster(random), attribute(random), random.once(2) ? attribute(random) : NOTHING),
  0xa1: (random) => join(random.bytes(2), cluster(random), attribute(random)),
  0xa2: (random) => join(cluster(random), attribute(random), cluster(random), attribute(random)),
  0xa3: (random) => join(random.bytes(2), cluster(random), attribute(random)),
  0xa4: (random) =>
    join(
      options(random),
      list(random, (r) => r.bytes(2)),
    ),
  0xa5: (random) =>
    join(
      options(random),
      list(random, (r) =>
        r.once(3) ? join(r.bytes(2), le(0x86, 1), le(0x21, 1), r.bytes(2)) : join(r.bytes(2), le(0, 1), le(0x21, 1), r.bytes(2)),
      ),
    ),
  0xe0: commissioning,
  0xe3: (random) => random.bytes(1),
  0xf0: (random) => {
    const flags = random.below(256);
    return join(
      le(flags, 1),
      flags & 1 ? random.bytes(2) : NOTHING,
      flags & 2 ? DEVICE_KEY : NOTHING,
      (flags & 6) === 6 ? random.bytes(4) : NOTHING,
      random.once(3) ? NOTHING : random.bytes(4),
    );
  },
  0xf1: (random) => join(options(random), list(random, attribute)),
  0xf2: (random) =>
    join(
      options(random),
      list(random, (r) => r.bytes(2)),
    ),
  0xf3: (random) => random.bytes(1),
};

function commissioning(random: Random): Uint8Array {
  const flags = random.below(256);
  const ext = random.below(256) & (random.once(2) ? 0xff : 0xbf);
  const application = random.below(16);
  const [commands, servers, clients] = [random.below(4), random.below(3), random.below(3)];
  return join(
    random.bytes(1),
    le(flags, 1),
    flags & 0x80
      ? join(
          le(ext, 1),
          ext & 0x20 ? DEVICE_KEY : NOTHING,
          (ext & 0x60) === 0x60 ? random.bytes(4) : NOTHING,
          ext & 0x80 ? random.bytes(4) : NOTHING,
        )
      : NOTHING,
    flags & 0x04
      ? join(
          le(application, 1),
          application & 1 ? random.bytes(2) : NOTHING,
          application & 2 ? random.bytes(2) : NOTHING,
          application & 4 ? join(le(commands, 1), random.bytes(commands)) : NOTHING,
          application & 8 ? join(le(servers | (clients << 4), 1), random.bytes(2 * (servers + clients))) : NOTHING,
        )
      : NOTHING,
  );
}
