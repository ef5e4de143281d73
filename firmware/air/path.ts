/** What may befall a frame on its way from one transceiver to another. Collisions are not here: the air finds them itself. */
import { Seeded } from './seeded.ts';

/** Fate of one frame at one receiver. A corrupted frame arrives with one bit flipped and fails its FCS. */
export type Fate = 'pass' | 'lose' | 'corrupt' | 'duplicate';

/** Decides over every frame at every receiver on its channel, acknowledgements included; asked in the order of events. */
export type Path = (from: string, to: string, psdu: Uint8Array) => Fate;

/** A path on which nothing is lost. */
export const clear: Path = () => 'pass';

/** Probabilities of [0, 1] per frame and receiver; what is left passes. */
export interface Disturbance {
  readonly loss?: number;
  readonly corruption?: number;
  readonly duplication?: number;
}

/** A path that disturbs at random; the same seed disturbs alike. */
export function disturbed(seed: number, { loss = 0, corruption = 0, duplication = 0 }: Disturbance): Path {
  const random = new Seeded(seed);
  return () => {
    const draw = random.unit();
    if (draw < loss) return 'lose';
    if (draw < loss + corruption) return 'corrupt';
    return draw < loss + corruption + duplication ? 'duplicate' : 'pass';
  };
}
