/**
 * The ByteStream port over a serial line: `serial:///dev/ttyACM0?baud=460800`. The package `serialport` is loaded only
 * when such an address is opened; a gateway without a dongle needs none.
 */
import type { Duplex } from 'node:stream';
import { Fault } from '../model/fault.ts';
import type { ByteStream } from '../ports/byte-stream.ts';
import { duplexStream } from './stream-duplex.ts';

/** Baud rate when the address names none: that of OpenThread's RCP firmware. */
const DEFAULT_BAUD = 460_800;

/** What is used of the package `serialport`. */
export interface SerialPackage {
  readonly SerialPort: new (options: {
    path: string;
    baudRate: number;
    autoOpen: false;
  }) => Duplex & { open(done: (error: Error | null) => void): void };
}

/**
 * Opens a serial line, 8 data bits, no parity, one stop bit. `load` brings the package. Rejects with Fault `radio`: for
 * an address of another form, a package that is not installed (saying how to install it), a line that cannot be opened.
 */
export async function openSerial(url: string, load: () => Promise<SerialPackage> = () => import('serialport')): Promise<ByteStream> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const baudRate = Number(address?.searchParams.get('baud') ?? DEFAULT_BAUD);
  if (address?.protocol !== 'serial:' || address.pathname.length < 2 || !Number.isInteger(baudRate) || baudRate <= 0) {
    throw new Fault('radio', `not an address like serial:///dev/ttyACM0?baud=${DEFAULT_BAUD}: ${url}`);
  }
  const { SerialPort } = await load().catch((cause: unknown) => {
    throw new Fault('radio', `${url} needs the package serialport, which is not installed: npm install serialport`, { cause });
  });
  const port = new SerialPort({ path: address.pathname, baudRate, autoOpen: false });
  await new Promise<void>((done, failed) => {
    port.open((cause) =>
      cause === null || cause === undefined ? done() : failed(new Fault('radio', `cannot open ${url}: ${cause.message}`, { cause })),
    );
  });
  return duplexStream(port, url);
}
