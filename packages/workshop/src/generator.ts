export { type PlayedRound, playRound } from './play-round.ts';
export { seedOf } from './seed-of.ts';
export { type OutgoingMessage, RefusedMessagesError, sendMessages } from './send-messages.ts';
