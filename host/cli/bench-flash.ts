/** `bench flash`: an image to a device of its manufacturer and type, bit for bit, on the lab bench. */
import type { FlashEvent } from '../compose/bench.ts';
import { Fault } from '../model/fault.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { number, required, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';
import { StoryText } from './story-text.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'bench flash <image>',
    summary: 'Transfers a ZigBee OTA image to a virtual device, with lab keys made on the spot, and compares what arrived.',
    examples: ['hearthgate bench flash firmware.ota --radio air', 'hearthgate bench flash firmware.ota --radio air --loss 5 --json'],
    codes: ['Code 0: the device holds the image bit for bit and answers its version. Code 1: it does not.'],
    options: (command) => {
      command.requiredOption('--radio <radio>', '"air": the virtual medium');
      command.option('--realtime', 'run the air at its true 250 kbit/s', false);
      command.option('--seed <number>', 'seed of backoffs and losses on the air', '1');
      command.option('--loss <percent>', 'share of frames that the air loses', '0');
      command.option('--data <folder>', "keep the gateway's store here; a folder with production trust is refused");
    },
    action: bench,
  });
}

async function bench(io: Io, options: Options, name = ''): Promise<ExitCode> {
  const radio = required(options, 'radio');
  if (radio !== 'air') throw new Fault('config', `--radio ${radio} is not "air", the one radio that the bench drives`);
  const { flash } = await import('../compose/bench.ts');
  const story = new StoryText(io);
  const ok = await flash({
    image: await readSource(io, name),
    name,
    realtime: options['realtime'] === true,
    seed: number(options, 'seed', 0, 0xffffffff) ?? 1,
    loss: (number(options, 'loss', 0, 90) ?? 0) / 100,
    data: text(options, 'data'),
    stop: io.interrupted,
    tell: (event) => (options.json ? io.out(JSON.stringify(event)) : tellText(io, story, event)),
  });
  if (io.interrupted.aborted) return EXIT.interrupted;
  return ok ? EXIT.done : EXIT.refused;
}

function tellText(io: Io, story: StoryText, event: FlashEvent): void {
  if (event.event !== 'end') return story.tell(event);
  const { file, device, ok } = event;
  io.out('');
  io.out(`  file    ${file.sha256} (${file.length} bytes)`);
  io.out(`  device  ${device.sha256 ?? 'nothing'} (${device.length} bytes), version 0x${device.version.toString(16).padStart(8, '0')}`);
  io.out(io.paint(ok ? 'good' : 'bad', ok ? 'The device holds the image bit for bit.' : 'The device does not hold the image.'));
}
