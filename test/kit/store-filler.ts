/** A process that fills an LMDB store until it takes no more, then prints as JSON how much it kept and how it was told. */
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { Fault } from '../../host/model/fault.ts';

const store = new LmdbStore(process.argv[2] ?? '');
for (let kept = 0; ; kept++) {
  try {
    await store.commit([
      { table: 'images', key: String(kept).padStart(8, '0'), value: new Uint8Array(16_384) },
      { table: 'meta', key: 'kept', value: Uint8Array.of(kept) },
    ]);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    process.stdout.write(JSON.stringify({ kept, code: error.code, message: error.message }));
    break;
  }
}
