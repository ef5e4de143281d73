/**
 * A home of one device that never stops talking: whenever it hears the hub it asks again, so that the hub answers as fast as it can. The
 * hub's radio is a co-processor behind TCP; the air runs faster than real time.
 */
import { Air } from '../../../firmware/air/air.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { keptInMemory, type NetworkSettings } from '../../../firmware/devices/kept.ts';
import type { HomeDevice } from '../../../firmware/devices/home.ts';
import { Node } from '../../../firmware/devices/node.ts';
import { PowerSwitch } from '../../../firmware/devices/power-switch.ts';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import { SpinelRcp } from '../../../host/adapters/spinel-rcp.ts';
import { listenTcp } from '../../../host/adapters/stream-tcp.ts';
import { encodeReadAttributes, GlobalCommand } from '../../../host/clusters/foundation.ts';
import { OTA_CLUSTER } from '../../../host/clusters/ota.ts';
import { loadModule } from '../../../host/compose/gateway.ts';
import { EUI, HOME_DEVICES } from '../../../host/compose/home.ts';
import { certificatesOf } from '../../../host/compose/lab-factory.ts';
import { LAB_CHANNEL, labFactory } from '../../../host/compose/run-home.ts';
import { LabCore } from '../../../host/core/core.ts';
import { silent } from '../../../host/ports/log.ts';
import { NonceWatch } from '../../kit/nonce-watch.ts';

/** How much faster than real time its air runs. */
const RATE = 10;
/** How long it waits for an answer before it asks again. */
const PATIENCE_MS = 1_000;
const PREPAYMENT_TERMINAL = 0x0506;

/** The home. */
export class TalkingHome {
  readonly url: string;
  readonly watch: NonceWatch;
  /** Frames of the hub that the device heard. */
  heard = 0;
  readonly stop: () => Promise<void>;

  private constructor(url: string, watch: NonceWatch, stop: () => Promise<void>) {
    this.url = url;
    this.watch = watch;
    this.stop = stop;
  }

  /** Starts the home; its device is switched on when the first gateway connects. */
  static async start(): Promise<TalkingHome> {
    const clock = new SimulatedClock(Date.now());
    const [entropy, factory] = [new Seeded(11), await labFactory()];
    const air = new Air({ clock, seed: 1 });
    const [{ eui, manufacturer, model, hardwareVersion } = HOME_DEVICES[0]!] = HOME_DEVICES;
    const lab = await loadModule('lab.wasm');
    const kept = keptInMemory<NetworkSettings>();
    let running: { readonly node: Node; readonly core: LabCore } | undefined;
    const device = new PowerSwitch({
      clock,
      loadCore: () => LabCore.load(lab),
      start(power, core) {
        let last = 0;
        const ask = (): void => {
          last = clock.now();
          node.send({ cluster: OTA_CLUSTER, control: 0, command: GlobalCommand.READ_ATTRIBUTES, payload: encodeReadAttributes([0]) });
        };
        const again = (): void => {
          if (clock.now() - last >= PATIENCE_MS) ask();
          power.after(PATIENCE_MS, again);
        };
        const installCode = factory.installCodes.get(eui) ?? new Uint8Array(0);
        const certificates = certificatesOf(factory, eui);
        const node = new Node({
          identity: {
            name: 'talker',
            eui,
            installCode,
            certificates,
            fuse: new Uint8Array(16).fill(7),
            manufacturer,
            model,
            hardwareVersion,
          },
          surroundings: { medium: air, channel: LAB_CHANNEL, entropy, log: silent },
          device: PREPAYMENT_TERMINAL,
          sides: [],
          ...{ power, core, kept },
          onJoined: again,
          onAuthentic() {
            home.heard++;
            ask();
          },
        });
        running = { node, core };
        node.start();
        return node;
      },
    });
    const holder: Pick<HomeDevice, 'core' | 'membership' | 'partners'> = {
      get core() {
        return running?.core;
      },
      get membership() {
        return running?.node.membership;
      },
      partners: new Map(),
    };
    const watch = new NonceWatch(air, () => [holder]);
    await watch.learnCodes(factory.installCodes);
    const rcp = new SpinelRcp(air.attach('hub'), EUI.gateway);
    const listener = await listenTcp((stream) => {
      rcp.serve(stream);
      if (!device.isOn) void device.on();
    });
    const stopTime = clock.run({ rate: RATE });
    const home = new TalkingHome(listener.url, watch, async () => {
      await listener.close();
      device.off();
      stopTime();
    });
    return home;
  }
}
