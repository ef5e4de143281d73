/** A received frame as one to be emitted: the way back, for round trips. */
import type { Frame, KeyHandle, TxFrame } from '../../host/model/frame.ts';
import { eui64 } from '../../host/model/ids.ts';

/** Keys to secure with, where the frame was secured. */
export interface Handles {
  readonly nwk?: KeyHandle;
  readonly aps?: KeyHandle;
}

/** Leaves out what is undefined, as the types of optional fields ask. */
type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;

/** The description that emits `frame` again. An opened frame needs the handles of its keys and counters that fit. */
export function txOf(frame: Frame, handles: Handles = {}): TxFrame {
  const { mac, nwk, aps, zcl } = frame;
  const source = aps?.security?.source ?? nwk?.security?.source ?? eui64('0200000000000001');
  return {
    self: source,
    mac: { fcf: mac.fcf, seq: mac.seq ?? 0, ...given({ dstPan: mac.dstPan, srcPan: mac.srcPan, dst: mac.dst, src: mac.src }) },
    ...given({
      nwk: nwk && {
        fcf: nwk.fcf,
        dst: nwk.dst,
        src: nwk.src,
        radius: nwk.radius,
        seq: nwk.seq,
        ...given({ dstEui: nwk.dstEui, srcEui: nwk.srcEui, multicast: nwk.multicast, sourceRoute: nwk.sourceRoute }),
        ...given({ key: nwk.security && handles.nwk }),
      },
      aps: aps && {
        fcf: aps.fcf,
        counter: aps.counter,
        ...given({
          dstEndpoint: aps.dstEndpoint,
          group: aps.group,
          cluster: aps.cluster,
          profile: aps.profile,
          srcEndpoint: aps.srcEndpoint,
          extended: aps.extended && {
            control: aps.extended.control,
            ...given({ block: aps.extended.block, ackBits: aps.extended.ackBits }),
          },
          security: aps.security &&
            handles.aps !== undefined && {
              key: handles.aps,
              keyId: ((aps.security.control >> 3) & 3) as 0 | 2 | 3,
              extendedNonce: (aps.security.control & 0x20) !== 0,
            },
        }),
      },
      zcl: zcl && { control: zcl.control, seq: zcl.seq, command: zcl.command, ...given({ manufacturer: zcl.manufacturer }) },
    }),
    payload: frame.payload,
  } as TxFrame;
}
