export {
  type AdapterUnderTest,
  contractTables,
  describeTransactionContract,
} from './describe-transaction-contract.ts';
