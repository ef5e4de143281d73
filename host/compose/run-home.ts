/**
 * The virtual home in a process of its own, in real time: its hub radio is a Spinel co-processor behind a TCP port, so a gateway drives
 * it with the very adapter that drives a dongle. What the devices know is in memory and ends with the process.
 */
import { Seeded } from '../../firmware/air/seeded.ts';
import { SimulatedClock } from '../adapters/clock-simulated.ts';
import { SpinelRcp } from '../adapters/spinel-rcp.ts';
import { listenTcp } from '../adapters/stream-tcp.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Log } from '../ports/log.ts';
import { equipHome, EUI, makeHome, type HomeOnAir } from './home.ts';
import type { Factory } from './lab-factory.ts';
import type { Listen } from './locators.ts';
import { sampleImages } from './sample-images.ts';

/** Seed of the install codes and certificates that `home run` and `lab init` share when no file names other codes: public, for the lab alone. */
export const LAB_SEED = 1;

/** Channel of a lab home. */
export const LAB_CHANNEL = 15;

/** How a home runs. */
export interface HomeRunPlan {
  readonly listen: Listen;
  readonly seed: number;
  readonly loss: number;
  readonly channel: number;
  readonly installCodes?: ReadonlyMap<Eui64, Uint8Array> | undefined;
  readonly log: Log;
}

/** A home that runs. */
export interface RunningHome {
  /** Where a gateway connects, `tcp://host:port`. */
  readonly url: string;
  readonly onAir: HomeOnAir;
  stop(): Promise<void>;
}

/** What the lab home is equipped with, the same in every process. */
export const labFactory = (): Promise<Factory> => equipHome(new Seeded(LAB_SEED));

/** Starts a home. Its devices are switched on when the first gateway connects. */
export async function runHome(plan: HomeRunPlan): Promise<RunningHome> {
  const { seed, loss, channel, log } = plan;
  const clock = new SimulatedClock(Date.now());
  const entropy = new Seeded(seed);
  const factory = await labFactory();
  const installCodes = plan.installCodes ?? factory.installCodes;
  const onAir = await makeHome({ clock, entropy, log, channel, seed, loss, factory: { ...factory, installCodes } }, await sampleImages());
  const rcp = new SpinelRcp(onAir.air.attach('hub'), EUI.gateway);
  let on = false;
  const listener = await listenTcp(
    (stream) => {
      rcp.serve(stream);
      if (on) return;
      on = true;
      onAir.home.powerOn().catch((cause: unknown) => log.error('home-not-on', { reason: String(cause) }));
    },
    plan.listen.host,
    plan.listen.port,
  );
  const stopTime = clock.run({ rate: 1 });
  return {
    url: listener.url,
    onAir,
    async stop() {
      await listener.close();
      onAir.home.powerOff();
      stopTime();
    },
  };
}
