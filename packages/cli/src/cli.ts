#!/usr/bin/env node
import { runCommandLine } from './command-line/run-command-line.ts';

process.exit(await runCommandLine(process.argv.slice(2)));
