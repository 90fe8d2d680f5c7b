export { type PlayedRound, playRound } from './rounds/play-round.ts';
export { seedOf } from './rounds/seed-of.ts';
export { RefusedMessagesError, sendMessages } from './rounds/send-messages.ts';
