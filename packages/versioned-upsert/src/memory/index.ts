export { createMemoryTable, type MemoryTable } from './create-memory-table.ts';
