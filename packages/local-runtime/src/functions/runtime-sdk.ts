/**
 * Lends the AWS SDK to a function that brings none of its own.
 *
 * The managed Node.js runtimes of Lambda have the SDK on board. A module that is not found where the function looks for
 * it is looked for beside this file, if it belongs to the SDK. Loaded for its effect, before the handler is.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (error) {
      if (!/^@(aws-sdk|smithy)\//.test(specifier)) {
        throw error;
      }
      return next(specifier, { ...context, parentURL: import.meta.url });
    }
  },
});
