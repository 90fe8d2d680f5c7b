// Middy 7's types import it although it is an optional peer. Without this the libraries' types could not be checked.
declare module '@aws/durable-execution-sdk-js' {
  export interface DurableContext {
    readonly isDurable: true;
  }
}
