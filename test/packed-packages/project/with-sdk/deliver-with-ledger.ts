import { ledger } from '@oncefold/commit';
import { createTable, deliverTwice } from './shelves.ts';

await createTable('Ledger', 'Marker');
const names = { namespace: 'warehouse', consumer: 'stock', table: 'Ledger' };
const strategy = ledger({ ...names, retentionSeconds: 86_400, now: Date.now });
console.log(await deliverTwice('StockWithLedger', strategy));
